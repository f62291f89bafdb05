"""The exit codes of every verb, and how an expected error becomes one.

0 done; 1 the answer is no (figures disagree, topics are missing); 2 wrong use or settings; 3 a backing
service does not answer.
"""

import sys
from typing import NoReturn

import typer

from schemas.errors import ConfigError, ReadystreamError, UnavailableError

EXIT_NO, EXIT_USAGE, EXIT_UNAVAILABLE = 1, 2, 3


def fail(error: ReadystreamError) -> NoReturn:
    """Say `error` in one line and exit with its code."""
    typer.echo(f"readystream: {error}", err=True)
    sys.exit(_code(error))


def _code(error: ReadystreamError) -> int:
    if isinstance(error, ConfigError):
        return EXIT_USAGE
    return EXIT_UNAVAILABLE if isinstance(error, UnavailableError) else EXIT_NO
