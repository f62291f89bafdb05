"""`readystream dead-letters …`."""

import asyncio
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from readystream.cli.exits import EXIT_NO
from readystream.cli.output import Json, print_json, tell
from readystream.cli.start import started
from readystream.cli.verb import verb
from readystream.dead_letters.rows import summary, whole
from readystream.dead_letters.selection import FIELDS, Filed, Selection
from schemas.dead_letter import DeadLetter
from schemas.settings import OperatorSettings

if TYPE_CHECKING:
    from collections.abc import Iterable

    from readystream.dead_letters.desk import Settled


cli = typer.Typer(help="Records that could not be processed: list, show, replay, drop.", no_args_is_help=True)

Ids = Annotated[list[str] | None, typer.Argument(help="Ids of letters, or how they begin.")]
Only = Annotated[
    list[str] | None,
    typer.Option(metavar="FIELD=VALUE", help=f"Narrow down by {', '.join(FIELDS)}; may be repeated."),
]
Since = Annotated[datetime | None, typer.Option(help="Only letters of this time (UTC) or later.")]
Until = Annotated[datetime | None, typer.Option(help="Only letters from before this time (UTC).")]
All = Annotated[bool, typer.Option("--all", help="All open letters, where nothing narrows them.")]
Note = Annotated[str, typer.Option(help="Why, in your words; kept with the letter.")]


@verb(
    cli,
    "list",
    "readystream dead-letters list",
    "readystream dead-letters list --only reason=conflict --since 2026-11-01 --json",
)
def list_(
    ids: Ids = None,
    only: Only = None,
    since: Since = None,
    until: Until = None,
    as_json: Json = False,
) -> None:
    """List the open letters, oldest first."""
    selection = _selection(ids, only, since, until)
    letters = [filed.letter for filed in _open(_settings(), selection)]
    if as_json:
        print_json(summary(letter) for letter in letters)
    else:
        for letter in letters:
            typer.echo(_entry(letter))
        typer.echo(f"{len(letters)} open letters")


@verb(cli, "show", "readystream dead-letters show 3fa1", no="there is no such letter")
def show(
    ids: Annotated[list[str], typer.Argument(help="Ids of letters, or how they begin.")],
    as_json: Json = False,
) -> None:
    """Print open letters whole, as JSON, with the record decoded. It may hold personal data."""
    letters = _open(_settings(), Selection(ids=tuple(ids)))
    values = [whole(filed.letter) for filed in letters]
    tell(values, (json.dumps(value, ensure_ascii=False, indent=2) for value in values), as_json=as_json)
    raise typer.Exit(0 if letters else EXIT_NO)


@verb(
    cli,
    "replay",
    "readystream dead-letters replay 3fa1",
    'readystream dead-letters replay --only reason=core_fault --note "mended in 0.2.1"',
    no="a letter could not be replayed",
)
def replay(
    ids: Ids = None,
    only: Only = None,
    since: Since = None,
    until: Until = None,
    every: All = False,
    note: Note = "",
    as_json: Json = False,
) -> None:
    """Send the records of letters again, each once.

    A statement keeps its id, so that it counts once whatever happens. Letters that cannot be replayed stay
    open.
    """
    from readystream.dead_letters import desk

    settings = _settings()
    meant = _meant(settings, _selection(ids, only, since, until), every=every)
    _tell(asyncio.run(desk.replay(settings, meant, note)), as_json=as_json)


@verb(
    cli,
    "drop",
    'readystream dead-letters drop 3fa1 --note "a test of the LMS team"',
    no="a letter could not be dropped",
)
def drop(
    note: Annotated[str, typer.Option(help="Why, in your words; kept with the letter.")],
    ids: Ids = None,
    only: Only = None,
    since: Since = None,
    until: Until = None,
    every: All = False,
    as_json: Json = False,
) -> None:
    """Settle letters without sending their records again. The letters themselves stay in the topic."""
    from readystream.dead_letters import desk

    settings = _settings()
    meant = _meant(settings, _selection(ids, only, since, until), every=every)
    _tell(asyncio.run(desk.drop(settings, meant, note)), as_json=as_json)


def _open(settings: OperatorSettings, selection: Selection) -> list[Filed]:
    from readystream.dead_letters import desk

    return asyncio.run(desk.open_letters(settings, selection))


def _settings() -> OperatorSettings:
    return started(OperatorSettings, "dead-letters")


def _selection(
    ids: list[str] | None, only: list[str] | None, since: datetime | None, until: datetime | None
) -> Selection:
    wanted = dict(_field(text) for text in only or ())
    return Selection(
        ids=tuple(ids or ()), fields=wanted, since_us=_microseconds(since), until_us=_microseconds(until)
    )


def _field(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if name not in FIELDS or not equals:
        raise typer.BadParameter(f"{text}: say one of {', '.join(FIELDS)}, then = and a value")
    return name, value


def _microseconds(moment: datetime | None) -> int | None:
    return None if moment is None else int(moment.replace(tzinfo=UTC).timestamp()) * 1_000_000


def _meant(settings: OperatorSettings, selection: Selection, *, every: bool) -> list[Filed]:
    """The open letters of `selection`; to mean all of them takes a word."""
    if selection.is_everything and not every:
        raise typer.BadParameter("name letters, narrow them down, or say --all")
    return _open(settings, selection)


def _tell(done: "Iterable[Settled]", *, as_json: bool) -> None:
    results = list(done)
    if as_json:
        print_json(
            {"id": one.letter.id, "resolution": one.resolution, "why_not": one.why_not} for one in results
        )
    else:
        for one in results:
            typer.echo(f"{one.letter.id} {one.resolution or f'stays open: {one.why_not}'}")
        typer.echo(f"{sum(bool(one.resolution) for one in results)} of {len(results)} letters settled")
    raise typer.Exit(EXIT_NO if any(one.why_not for one in results) else 0)


def _entry(letter: DeadLetter) -> str:
    """A letter in two lines, for a terminal of any width."""
    failed_at = summary(letter)["failed_at"][:19]
    place = f"{letter.topic}/{letter.partition}@{letter.offset}" if letter.topic else letter.credential
    why = ": ".join(filter(None, (place, letter.detail)))
    return f"{letter.id}  {failed_at}Z  {letter.reason} at {letter.where}, try {letter.attempt}\n    {why}"
