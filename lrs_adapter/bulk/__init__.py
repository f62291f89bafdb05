"""Statements that come as files: archives of an LRS, exports of an LMS."""
