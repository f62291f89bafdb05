"""Values that options take."""

import sys
from datetime import date
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from schemas.settings import TenantSettings, load

if TYPE_CHECKING:
    from readystream.identifiers import Named

Who = Annotated[
    str,
    typer.Argument(
        help="An e-mail address or its SHA-1, homePage#name of an account, openid:URI, employee:ID, or an id "
        "of 26 characters; - reads it from standard input."
    ),
]


def iso_date(text: str) -> date:
    """The date of an ISO date; wrong use if it is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not an ISO date such as 2026-11-20") from None


def uuid_of(text: str) -> UUID:
    """The UUID that an id of a statement is; wrong use if it is none."""
    try:
        return UUID(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not the id of a statement, a UUID") from None


def named(text: str) -> "Named":
    """Whom a value of `Who` names. Raises `ConfigError`."""
    from readystream.identifiers import read_identifier

    written = sys.stdin.readline() if text == "-" else text
    return read_identifier(written, load(TenantSettings).tenant_key_bytes)
