"""`readystream dead-letters …`."""

import asyncio
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from readystream import logs
from readystream.cli.exits import EXIT_NO
from readystream.dead_letters.selection import FIELDS, Filed, Selection
from schemas import codec
from schemas.dead_letter import DeadLetter
from schemas.errors import CodecError
from schemas.settings import OperatorSettings, load
from schemas.topics import by_name

if TYPE_CHECKING:
    from readystream.dead_letters.desk import Settled


cli = typer.Typer(help="Records that could not be processed: list, show, replay, drop.", no_args_is_help=True)

Ids = Annotated[list[str] | None, typer.Argument(help="Ids of letters, or how they begin.")]
Only = Annotated[
    list[str] | None,
    typer.Option(metavar="FIELD=VALUE", help=f"Narrow down by {', '.join(FIELDS)}; may be repeated."),
]
Since = Annotated[datetime | None, typer.Option(help="Only letters of this time (UTC) or later.")]
Until = Annotated[datetime | None, typer.Option(help="Only letters from before this time (UTC).")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, a line for each letter.")]
All = Annotated[bool, typer.Option("--all", help="All open letters, where nothing narrows them.")]
Note = Annotated[str, typer.Option(help="Why, in your words; kept with the letter.")]


@cli.command("list")
def list_(
    ids: Ids = None,
    only: Only = None,
    since: Since = None,
    until: Until = None,
    as_json: Json = False,
) -> None:
    """List the open letters, oldest first.

    Example: readystream dead-letters list --only reason=conflict --since 2026-11-01
    """
    selection = _selection(ids, only, since, until)
    letters = [filed.letter for filed in _open(_settings(), selection)]
    if as_json:
        _print_json(_summary(letter) for letter in letters)
    else:
        _print_table(letters)


@cli.command()
def show(ids: Annotated[list[str], typer.Argument(help="Ids of letters, or how they begin.")]) -> None:
    """Print open letters whole, as JSON, with the record decoded. It may hold personal data.

    Example: readystream dead-letters show 3fa1
    """
    letters = _open(_settings(), Selection(ids=tuple(ids)))
    _print_json((_whole(filed.letter) for filed in letters), indent=2)
    raise typer.Exit(0 if letters else EXIT_NO)


@cli.command()
def replay(
    ids: Ids = None,
    only: Only = None,
    since: Since = None,
    until: Until = None,
    every: All = False,
    note: Note = "",
    as_json: Json = False,
) -> None:
    """Send the records of letters again, each once; exit 1 if one could not be.

    A statement keeps its id, so that it counts once whatever happens. Letters that cannot be replayed stay
    open. Example: readystream dead-letters replay --only reason=core_fault --note "mended in 0.2.1"
    """
    from readystream.dead_letters import desk

    settings = _settings()
    meant = _meant(settings, _selection(ids, only, since, until), every=every)
    _tell(asyncio.run(desk.replay(settings, meant, note)), as_json=as_json)


@cli.command()
def drop(
    note: Annotated[str, typer.Option(help="Why, in your words; kept with the letter.")],
    ids: Ids = None,
    only: Only = None,
    since: Since = None,
    until: Until = None,
    every: All = False,
    as_json: Json = False,
) -> None:
    """Settle letters without sending their records again. The letters themselves stay in the topic.

    Example: readystream dead-letters drop 3fa1 --note "a test of the LMS team"
    """
    from readystream.dead_letters import desk

    settings = _settings()
    meant = _meant(settings, _selection(ids, only, since, until), every=every)
    _tell(asyncio.run(desk.drop(settings, meant, note)), as_json=as_json)


def _open(settings: OperatorSettings, selection: Selection) -> list[Filed]:
    from readystream.dead_letters import desk

    return asyncio.run(desk.open_letters(settings, selection))


def _settings() -> OperatorSettings:
    settings = load(OperatorSettings)
    logs.configure(settings.log_level, settings.log_format, process="dead-letters")
    return settings


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
        _print_json(
            {"id": one.letter.id, "resolution": one.resolution, "why_not": one.why_not} for one in results
        )
    else:
        for one in results:
            typer.echo(f"{one.letter.id} {one.resolution or f'stays open: {one.why_not}'}")
        typer.echo(f"{sum(bool(one.resolution) for one in results)} of {len(results)} letters settled")
    raise typer.Exit(EXIT_NO if any(one.why_not for one in results) else 0)


def _print_table(letters: Iterable[DeadLetter]) -> None:
    table = Table("id", "failed at (UTC)", "reason", "step", "from", "sender", "try", "detail", box=None)
    for letter in letters:
        summary = _summary(letter)
        place = f"{letter.topic}/{letter.partition}@{letter.offset}" if letter.topic else "the door"
        table.add_row(
            letter.id,
            summary["failed_at"][:19],
            letter.reason,
            letter.where,
            place,
            letter.credential,
            str(letter.attempt),
            letter.detail,
        )
    if table.row_count:
        Console().print(table)
    typer.echo(f"{table.row_count} open letters")


def _print_json(values: Iterable[dict[str, Any]], indent: int | None = None) -> None:
    for value in values:
        typer.echo(json.dumps(value, ensure_ascii=False, indent=indent))


def _summary(letter: DeadLetter) -> dict[str, Any]:
    """The letter without the record's content."""
    return {
        "id": letter.id,
        "failed_at": datetime.fromtimestamp(letter.failed_at / 1_000_000, UTC).isoformat(),
        "reason": letter.reason,
        "where": letter.where,
        "detail": letter.detail,
        "topic": letter.topic,
        "partition": letter.partition,
        "offset": letter.offset,
        "epoch": letter.epoch,
        "credential": letter.credential,
        "attempt": letter.attempt,
        "correlation_id": letter.correlation_id,
    }


def _whole(letter: DeadLetter) -> dict[str, Any]:
    return _summary(letter) | {"key": _readable(letter.key), "record": _record(letter)}


def _record(letter: DeadLetter) -> Any:
    """The record decoded if its topic's schema fits, else its text, else its bytes in hexadecimal."""
    if letter.topic:
        try:
            value = codec.decode(by_name(letter.topic), letter.value)
        except (CodecError, KeyError):
            return _readable(letter.value)
        return {
            name: _readable(field) if isinstance(field, bytes) else field for name, field in value.items()
        }
    return _readable(letter.value)


def _readable(data: bytes) -> Any:
    try:
        return json.loads(data)
    except ValueError:
        pass
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.hex()
