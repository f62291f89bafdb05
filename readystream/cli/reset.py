"""`readystream reset …`: begin anew from what was accepted."""

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from readystream.cli.exits import EXIT_NO
from readystream.cli.output import Json, tell
from readystream.cli.start import started
from readystream.cli.verb import verb
from schemas.settings import SinkSettings, WorkerSettings

if TYPE_CHECKING:
    from readystream.reset import Plan

cli = typer.Typer(
    help="Delete what is derived, and derive it anew from the log. Without --delete only said.",
    no_args_is_help=True,
)

Delete = Annotated[bool, typer.Option("--delete", help="Do it; asks for the name of what is deleted.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask: for scripts.")]
_NO = "a process is in a group that has to begin anew, or the name was not the one: nothing was deleted"


@verb(
    cli,
    "clickhouse",
    "readystream reset clickhouse",
    "readystream reset clickhouse --delete",
    no=_NO,
)
def clickhouse(delete: Delete = False, yes: Yes = False, as_json: Json = False) -> None:
    """Drop the database and have the sinks write it again from the topics. Stop the sinks before.

    Also after ClickHouse was lost: a sink goes on where its group was, and would leave out what came before.
    """
    from readystream.reset import clickhouse_plan

    sink = started(SinkSettings, "reset")
    _go(clickhouse_plan(sink), sink, delete=delete, yes=yes, as_json=as_json)


@verb(
    cli,
    "derived",
    "readystream reset derived",
    "readystream reset derived --delete --yes",
    no=_NO,
)
def derived(delete: Delete = False, yes: Yes = False, as_json: Json = False) -> None:
    """Replay from zero: delete what workers wrote, and the database. Stop workers and sinks before.

    Accepted statements, links, HR attributes and dead letters stay. Start everything with a topic epoch that
    is higher by one; the command says which. Alerts are sent again, under the same ids.
    """
    from readystream.reset import derived_plan

    sink = started(SinkSettings, "reset")
    plan = asyncio.run(derived_plan(started(WorkerSettings, "reset"), sink))
    _go(plan, sink, delete=delete, yes=yes, as_json=as_json)


def _go(plan: "Plan", sink: SinkSettings, *, delete: bool, yes: bool, as_json: bool) -> None:
    from readystream.reset import carry_out

    tell(({"step": step, "done": delete} for step in plan.steps()), plan.steps(), as_json=as_json)
    if not delete:
        typer.echo("dry run: nothing was deleted; --delete does it", err=True)
        return
    if not yes and typer.prompt(f"Type {plan.name} to delete", err=True) != plan.name:
        typer.echo("that is another name: nothing was deleted", err=True)
        raise typer.Exit(EXIT_NO)
    if busy := asyncio.run(carry_out(plan, sink)):
        typer.echo(f"somebody is in group {busy}: stop its processes first; nothing was deleted", err=True)
        raise typer.Exit(EXIT_NO)
    typer.echo(plan.note, err=True)
