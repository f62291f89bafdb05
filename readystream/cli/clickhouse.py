"""What is read from ClickHouse and written to it by hand: `migrate`, `trace`, `features`."""

import json
from pathlib import Path
from typing import Annotated

import typer

from readystream.cli.exits import EXIT_NO
from schemas.settings import ClickHouseSettings, load

cli = typer.Typer()


@cli.command()
def migrate() -> None:
    """Bring the ClickHouse database to this release's schema."""
    from readystream.databases import migrate_database

    settings = load(ClickHouseSettings)
    applied = migrate_database(settings.dsn, settings.clickhouse_database)
    typer.echo("\n".join(f"applied {name}" for name in applied) or "nothing to apply")


@cli.command("trace")
def trace_(
    statement_id: Annotated[str, typer.Argument(help="Id of the statement.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Show the way of a statement: received, derived, whose it is, what it counts for; exit 1 if unknown.

    Example: readystream trace 6690e6c9-3ef0-4ed3-8b37-7f3964730bee
    """
    from readystream.databases import trace_statement

    settings = load(ClickHouseSettings)
    steps = trace_statement(settings.dsn, settings.clickhouse_database, statement_id)
    if as_json:
        typer.echo(json.dumps({step.name: step.rows for step in steps}, default=str))
    for step in () if as_json else steps:
        typer.echo(step.name)
        for row in step.rows:
            typer.echo("".join(f"    {column:20} {value}\n" for column, value in row.items()))
    if not steps:
        typer.echo(f"nothing is known of statement {statement_id}", err=True)
        raise typer.Exit(EXIT_NO)


@cli.command()
def features(
    as_of: Annotated[str, typer.Option(help="Last day that counts, an ISO date (UTC).")],
    out: Annotated[Path, typer.Option(help="The Parquet file to write.")],
    windows: Annotated[str, typer.Option(help="Lengths of the windows in days.")] = "30,90,180",
) -> None:
    """Write one row per person for models of turnover and mobility, as it was known at the end of a day.

    The same date gives the same rows whatever has arrived since. People are pseudonyms.
    """
    from readystream import features as command

    day, lengths = command.options(as_of, windows)
    written = command.write_features(load(ClickHouseSettings), day, lengths, out)
    typer.echo(f"{written} persons in {out}")
