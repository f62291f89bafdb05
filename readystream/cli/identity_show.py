"""`readystream identity show|audit`: what is known of somebody."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal

import typer
from rich.console import Console
from rich.table import Table

from readystream.cli.exits import EXIT_NO
from readystream.cli.output import Json, print_json, tell
from readystream.cli.values import Who, named
from readystream.cli.verb import verb
from schemas.settings import ClickHouseSettings, load

cli = typer.Typer()

Since = Annotated[
    datetime | None, typer.Option(help="Only what ClickHouse took at this time (UTC) or later.")
]
Until = Annotated[datetime | None, typer.Option(help="Only what it took before this time (UTC).")]
Limit = Annotated[int, typer.Option(min=1, help="Most entries to show.")]
_COLUMNS = (
    "at",
    "kind",
    "persona_id",
    "person_id",
    "other_person_id",
    "rule",
    "other_rule",
    "source",
    "reason",
)


@verb(
    cli,
    "show",
    "readystream identity show ana@example.com",
    "readystream identity show employee:E1042 --json",
    "readystream identity show - < address.txt",
    no="nothing is known of it",
)
def show(who: Who, as_json: Json = False) -> None:
    """Show whom an identifier belongs to, or what a person has: by whose word, since when, counts.

    Addresses are turned into pseudonyms and never printed; `-` reads the identifier from standard input, so
    that it does not stay in the history of the shell.
    """
    from readystream.databases import connected
    from readystream.identity_view import sentences
    from readystream.identity_view import show as look_up

    settings = load(ClickHouseSettings)
    with connected(settings.dsn, settings.clickhouse_database) as client:
        known = look_up(client, named(who).id)
    if not known.is_known:
        typer.echo(f"nothing is known of {known.id}", err=True)
        raise typer.Exit(EXIT_NO)
    tell([known.as_row()], sentences(known), as_json=as_json)


@verb(
    cli,
    "audit",
    "readystream identity audit --since 2026-11-01 --kind conflict",
    "readystream identity audit employee:E1042 --json",
)
def audit(
    who: Annotated[str, typer.Argument(help="Whom it concerns, as in `identity show`; empty: anybody.")] = "",
    kind: Annotated[
        Literal["", "moved", "conflict", "review"], typer.Option(help="Only this kind; empty: any.")
    ] = "",
    since: Since = None,
    until: Until = None,
    limit: Limit = 1000,
    as_json: Json = False,
) -> None:
    """Show what link decisions did, the newest first: days that moved, claims in conflict, what waits."""
    from readystream.databases import connected
    from readystream.identity_view import audit as look_up

    settings = load(ClickHouseSettings)
    identity = named(who).id if who else ""
    start = since or datetime(1970, 1, 1, tzinfo=UTC)
    end = until or datetime.now(UTC) + timedelta(days=1)
    with connected(settings.dsn, settings.clickhouse_database) as client:
        rows = look_up(client, identity, kind, start, end, limit)
    if as_json:
        print_json(rows)
        return
    table = Table(*_COLUMNS, box=None)
    for row in rows:
        table.add_row(f"{row['at']:%Y-%m-%d %H:%M:%S}", *(str(row[column]) for column in _COLUMNS[1:]))
    if rows:
        Console().print(table)
    typer.echo(f"{len(rows)} entries")
