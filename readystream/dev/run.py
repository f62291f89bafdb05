"""`readystream dev`: the whole pipeline on this machine, fed by a simulated LRS, checked at the end."""

import asyncio
import json
import os
import signal
import time
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from rich.console import Console

from readystream import logs
from readystream.dev import figures
from readystream.dev.local import LocalPipeline
from readystream.dev.lrs import ForwardResult
from readystream.dev.probe import Probe
from readystream.dev.progress import FlowDisplay, flow_display
from readystream.dev.summary import Summary
from readystream.dev.truth import differences
from readystream.dev.workload import Workload, from_files, generated
from readystream.embedded.owner import own

_POLL_S = 0.5
_RECONCILE_S = 60.0
_SNAPSHOTS = {"READYSTREAM_SNAPSHOT_EVERY_S": "5", "READYSTREAM_SWEEP_INTERVAL_S": "2"}  # else once an hour


@dataclass(frozen=True, slots=True)
class DevOptions:
    """The options of `readystream dev`."""

    statements: tuple[Path, ...]
    people: Path | None
    learners: int
    days: int
    seed: int
    shuffle: int | None
    rate: float | None
    workers: int
    as_of: date | None
    data_dir: Path
    exit_after: bool
    summary: Path | None


def run(options: DevOptions) -> int:
    """Run until done, or until Ctrl-C; returns the exit code. Leaves no process behind."""
    console = Console()
    logs.configure("warning", "console")
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with own(options.data_dir, "readystream dev"):
        workload = _workload(options)
        given = {**_SNAPSHOTS, **os.environ}
        pipeline = LocalPipeline(options.data_dir, workload.as_of, options.workers, given)
        try:
            return asyncio.run(_run(options, workload, pipeline, console))
        except KeyboardInterrupt:
            console.print("stopping")
            return 0
        finally:
            pipeline.stop()


def _workload(options: DevOptions) -> Workload:
    if options.statements:
        return from_files(options.statements, options.people, options.shuffle, options.as_of)
    as_of = options.as_of or datetime.now(UTC).date()
    return generated(options.learners, options.days, options.seed, as_of)


async def _run(options: DevOptions, workload: Workload, pipeline: LocalPipeline, console: Console) -> int:
    with console.status("starting broker, ClickHouse, adapter, workers, sink and page"):
        await pipeline.start()
    pipeline.write_shell_file()
    _say_where(pipeline, console)
    summary = await _forward(options, workload, pipeline, console)
    summary.show(console)
    if options.summary:
        await asyncio.to_thread(_write, options.summary, summary)
    if not options.exit_after:
        await _serve(pipeline, console)
    return 1 if summary.problems else 0


def _say_where(pipeline: LocalPipeline, console: Console) -> None:
    stack = pipeline.stack
    clickhouse = stack.dsn.rpartition("@")[2].removeprefix("http://")  # an address may hold a password
    console.print(f"[bold]Kafka[/bold]      {stack.bootstrap}")
    console.print(f"[bold]ClickHouse[/bold] {clickhouse}")
    console.print(f"[bold]Adapter[/bold]    {pipeline.endpoint}")
    console.print(f"[bold]Credential[/bold] {pipeline.credential}")
    console.print(f"[bold]Dashboards[/bold] {pipeline.page.url}")
    console.print(f"[bold]Logs[/bold]       {stack.log_dir}", soft_wrap=True)
    console.print(f"[bold]All of it[/bold]  . {pipeline.shell_file}   # in another terminal", soft_wrap=True)


async def _forward(
    options: DevOptions, workload: Workload, pipeline: LocalPipeline, console: Console
) -> Summary:
    """Forward everything and wait until it has arrived. The HR feed comes in between, so that statements are
    there before their links."""
    result = ForwardResult()
    probe = pipeline.probe()
    await probe.start()
    started = time.monotonic()
    try:
        with flow_display(console, workload.statements) as display:
            watch = asyncio.create_task(_watch(pipeline, probe, display))
            await pipeline.send(workload.before_feed, result, options.rate, display.sent)
            if workload.people_csv:
                await pipeline.import_people(workload.people_csv)
            await pipeline.send(workload.after_feed, result, options.rate, display.sent)
            await pipeline.drain(probe)
            watch.cancel()
            display.finished(result.rejected, await probe.position())
    finally:
        await probe.stop()
    return await asyncio.to_thread(_summarise, pipeline, workload, result, time.monotonic() - started)


async def _watch(pipeline: LocalPipeline, probe: Probe, display: FlowDisplay) -> None:
    while True:
        display.reached(await probe.position())
        pipeline.require_alive()
        await asyncio.sleep(_POLL_S)


def _summarise(pipeline: LocalPipeline, workload: Workload, result: ForwardResult, seconds: float) -> Summary:
    client = pipeline.client()
    as_of = (workload.as_of - date(1970, 1, 1)).days
    problems = figures.disagreements(client, result.accepted_ids, as_of)
    if workload.truth is not None:
        arrival = datetime.now(UTC).date()
        problems += differences(client, workload.truth, result, pipeline.tenant_key.encode(), arrival)
    return Summary(
        forwarded=result.forwarded,
        accepted=len(result.accepted_ids),
        rejected=result.rejected,
        retries=result.retries,
        held=figures.held(client),
        problems=problems,
        seconds=seconds,
    )


def _write(path: Path, summary: Summary) -> None:
    path.write_text(json.dumps(summary.as_json(), indent=2) + "\n", encoding="utf-8")


async def _serve(pipeline: LocalPipeline, console: Console) -> None:
    await pipeline.reconcile(_RECONCILE_S)
    console.print(f"Dashboards at {pipeline.page.url} — Ctrl-C stops everything.")
    while True:
        pipeline.require_alive()
        await asyncio.sleep(_POLL_S)
