"""Statements that are fetched: following the LRSs that do not send."""
