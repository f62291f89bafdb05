"""`readystream reconcile`."""

import asyncio
from datetime import date
from typing import Annotated

import typer

from readystream.cli.output import Json, tell
from readystream.cli.start import started
from readystream.cli.values import iso_date
from readystream.cli.verb import verb
from schemas.settings import ReconcileSettings

cli = typer.Typer()

_EPOCH = date(1970, 1, 1)

Partitions = Annotated[
    list[int] | None, typer.Option(help="Only this partition of xapi.statements; may be repeated.")
]
Since = Annotated[
    str | None, typer.Option(help="Only days, and statements received, from this ISO date on (UTC).")
]
Repair = Annotated[bool, typer.Option(help="Make right what is wrong, and compare once more.")]
Deep = Annotated[
    bool, typer.Option(help="Read the whole raw log and all events from Kafka, and compare every row.")
]
Lrs = Annotated[str | None, typer.Option(help="Compare with this LRS of the sources file as well.")]
GiveBack = Annotated[
    bool,
    typer.Option(help="Send the LRS what it gave us and has no longer; it may have erased it on purpose."),
]
Every = Annotated[float | None, typer.Option(min=0, help="Go on, and do it again after so many hours.")]


@verb(
    cli,
    "reconcile",
    "readystream reconcile",
    "readystream reconcile --partition 3 --since 2026-11-20 --json",
    "readystream reconcile --repair",
    no="a figure drifts by more than READYSTREAM_RECONCILE_THRESHOLD",
)
def reconcile(
    partition: Partitions = None,
    since: Since = None,
    repair: Repair = False,
    deep: Deep = False,
    lrs: Lrs = None,
    give_back: GiveBack = False,
    as_json: Json = False,
    every: Every = None,
) -> None:
    """Recompute what ClickHouse holds up to an exact offset and compare it with the workers and the log.

    Nothing can be judged (exit code 3) before the workers have written a snapshot and the sink has it.
    """
    from readystream import reconcile as command

    settings = started(ReconcileSettings, "reconcile")
    request = command.Request(
        partitions=tuple(partition or ()),
        repair=repair,
        deep=deep,
        **({} if since is None else {"since": (iso_date(since) - _EPOCH).days}),
    )
    also = [] if lrs is None else [command.lrs_check(lrs, request, give_back=give_back)]
    if every is not None:
        command.run_every(every * 3600, settings, request, also)
        return
    reports = asyncio.run(command.reconcile(settings, request, also))
    tell(
        (report.as_json() for report in reports),
        (line for report in reports for line in command.sentences(report)),
        as_json=as_json,
    )
    raise typer.Exit(command.exit_code(reports[-1]))
