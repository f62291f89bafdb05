"""The `readystream` command: one verb for each process, and the tools around them.

Each module holds a family of verbs. A verb imports what it runs when it is called, so that a process loads
only its own libraries. `exits` says what the exit codes mean.
"""

from importlib.metadata import version
from typing import Annotated

import typer

from readystream.cli import (
    clickhouse,
    credentials,
    dead_letters,
    dev,
    doctor,
    identity,
    identity_link,
    identity_show,
    log,
    processes,
    reconcile,
    reset,
    schemas,
    topics,
)
from readystream.cli.exits import fail
from schemas.errors import ReadystreamError

cli = typer.Typer(
    name="readystream",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
for family in (processes, clickhouse, doctor, log, reconcile, dev):
    cli.add_typer(family.cli)
cli.add_typer(topics.cli, name="topics")
cli.add_typer(schemas.cli, name="schemas")
for deciding in (identity_show, identity_link):
    identity.cli.add_typer(deciding.cli)
cli.add_typer(identity.cli, name="identity")
cli.add_typer(credentials.cli, name="credentials")
cli.add_typer(dead_letters.cli, name="dead-letters")
cli.add_typer(reset.cli, name="reset")


def _version(asked: bool) -> None:
    if asked:
        typer.echo(version("readystream"))
        raise typer.Exit


@cli.callback()
def _root(
    asked: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Learning records in, readiness out, every number accounted for."""


def app() -> None:
    """Entry point: turns expected errors into one message and an exit code."""
    try:
        cli(prog_name="readystream")
    except ReadystreamError as error:
        fail(error)
