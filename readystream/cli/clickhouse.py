"""What is read from ClickHouse and written to it by hand: `migrate`, `trace`, `features`."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from readystream.cli.exits import EXIT_NO
from readystream.cli.output import Json, tell
from readystream.cli.values import uuid_of
from readystream.cli.verb import verb
from schemas.settings import ClickHouseSettings, load

if TYPE_CHECKING:
    from sinks.trace import Step

cli = typer.Typer()


@verb(
    cli,
    "migrate",
    "readystream migrate",
    no="the database is another one than the migrations say",
)
def migrate(as_json: Json = False) -> None:
    """Bring the ClickHouse database to this release's schema. The sink does it when it starts, too."""
    from readystream.databases import migrate_database

    settings = load(ClickHouseSettings)
    applied = migrate_database(settings.dsn, settings.clickhouse_database)
    said = [f"applied {name}" for name in applied] or ["nothing to apply"]
    tell(({"applied": name} for name in applied), said, as_json=as_json)


@verb(
    cli,
    "trace",
    "readystream trace 6690e6c9-3ef0-4ed3-8b37-7f3964730bee",
    "readystream trace 6690e6c9-3ef0-4ed3-8b37-7f3964730bee --json",
    no="nothing is known of the statement",
)
def trace(
    statement_id: Annotated[str, typer.Argument(help="Id of the statement.")], as_json: Json = False
) -> None:
    """Show the way of a statement: received, derived, whose it is, what it counts for."""
    from readystream.databases import trace_statement

    settings = load(ClickHouseSettings)
    steps = trace_statement(settings.dsn, settings.clickhouse_database, str(uuid_of(statement_id)))
    if not steps:
        typer.echo(f"nothing is known of statement {statement_id}", err=True)
        raise typer.Exit(EXIT_NO)
    tell([{step.name: step.rows for step in steps}], _way(steps), as_json=as_json)


def _way(steps: Sequence["Step"]) -> Iterator[str]:
    for step in steps:
        yield step.name
        for row in step.rows:
            yield "".join(f"    {column:20} {_readable(value)}\n" for column, value in row.items())


def _readable(value: object) -> str:
    """A value as people read it: four digits of a figure are enough, and nothing is a dash."""
    return f"{value:.4g}" if isinstance(value, float) else str(value) or "-"


@verb(cli, "features", "readystream features --as-of 2026-06-30 --out features.parquet")
def features(
    as_of: Annotated[str, typer.Option(help="Last day that counts, an ISO date (UTC).")],
    out: Annotated[Path, typer.Option(help="The Parquet file to write.")],
    windows: Annotated[str, typer.Option(help="Lengths of the windows in days.")] = "30,90,180",
    as_json: Json = False,
) -> None:
    """Write one row per person for models of turnover and mobility, as it was known at the end of a day.

    The same date gives the same rows whatever has arrived since. People are pseudonyms.
    """
    from readystream import features as command

    day, lengths = command.options(as_of, windows)
    written = command.write_features(load(ClickHouseSettings), day, lengths, out)
    tell([{"persons": written, "file": str(out)}], [f"{written} persons in {out}"], as_json=as_json)
