"""`readystream identity link|unlink`: decisions of people about who is who."""

import asyncio
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from readystream.cli.output import Json, tell
from readystream.cli.start import started
from readystream.cli.values import Who, iso_date, named
from readystream.cli.verb import verb
from schemas.settings import IdentitySettings

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from readystream.manual_links import Decided

cli = typer.Typer()

By = Annotated[str, typer.Option(help="Who decides: a user id or a role, no name; kept in the log.")]
Reason = Annotated[str, typer.Option(help="Why, in words that name nobody; kept in the log.")]
From = Annotated[str | None, typer.Option("--from", help="First day, an ISO date (UTC); else since ever.")]
To = Annotated[str | None, typer.Option(help="First day on which it no longer holds; else it lasts.")]


@verb(
    cli,
    "link",
    'readystream identity link ana@home.example employee:E1042 --by hr-desk --reason "T-4711"',
    'readystream identity link https://lms.example.com#u7 ana@example.com --by hr-desk --reason "T-4712"',
)
def link(
    who: Who,
    person: Annotated[
        str, typer.Argument(help="The person, or an identifier of theirs, named in the same ways.")
    ],
    by: By,
    reason: Reason,
    start: From = None,
    to: To = None,
    as_json: Json = False,
) -> None:
    """Link an identifier to a person. People are believed before every other source.

    A person who is named by an identifier is whom that belongs to today. The workers move what was learned
    under the identifier at once, and it stays so until people decide otherwise.
    """
    from readystream.manual_links import Because
    from readystream.manual_links import link as decide

    settings = started(IdentitySettings, "identity")
    first = 0 if start is None else _day(start)
    last = None if to is None else _day(to)
    if last is not None and last <= first:
        raise typer.BadParameter("--to is not after --from")
    because = Because(by, reason)
    _tell(decide(settings, named(who), named(person), because, first, last), as_json=as_json)


@verb(
    cli,
    "unlink",
    'readystream identity unlink ana@home.example --by hr-desk --reason "T-4713"',
)
def unlink(
    who: Who,
    by: By,
    reason: Reason,
    person: Annotated[str, typer.Option(help="Whom it is not; else the one whom it belongs to today.")] = "",
    as_json: Json = False,
) -> None:
    """Withdraw, for all days, that an identifier is somebody's, also when a feed says so again.

    What was learned under it goes to the next that is trusted most, or to a provisional person of its own.
    """
    from readystream.manual_links import Because
    from readystream.manual_links import unlink as decide

    settings = started(IdentitySettings, "identity")
    whom = named(person) if person else None
    _tell(decide(settings, named(who), whom, Because(by, reason)), as_json=as_json)


def _day(text: str) -> int:
    return (iso_date(text) - date(1970, 1, 1)).days


def _tell(deciding: "Coroutine[None, None, Decided]", *, as_json: bool) -> None:
    decided = asyncio.run(deciding)
    written = "written to identity.links" if decided.written else "known already, nothing was written"
    said = (
        f"{decided.action} {decided.persona_id} {decided.person_id}: {written}",
        f"today it belonged to {decided.before}, and belongs to {decided.after} once the workers know",
    )
    tell([asdict(decided)], said, as_json=as_json)
