"""Values that options take."""

from datetime import date

import typer


def iso_date(text: str) -> date:
    """The date of an ISO date; wrong use if it is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not an ISO date such as 2026-11-20") from None
