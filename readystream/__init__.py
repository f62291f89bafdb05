"""Composition root of Readystream: the command, the processes, their logging and their metrics."""
