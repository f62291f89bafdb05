"""The reconcile command's wiring: once, or on a schedule with its operator's addresses."""

import asyncio
import os
import signal
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

import structlog
from prometheus_client import CollectorRegistry

from readystream.lrs_reconcile import LrsCheck
from readystream.ops import ops_server
from readystream.pull import read_sources
from readystream.topics import end_offsets
from schemas import log_events
from schemas.errors import ConfigError, UnavailableError
from schemas.metrics import ReconcileMetrics
from schemas.settings import PullSettings, ReconcileSettings, load
from schemas.topics import STATEMENTS
from sinks.clickhouse import ClickHouse
from sinks.reconcile.log import Log
from sinks.reconcile.report import Report, Verdict
from sinks.reconcile.run import Also, Options, Reconciler
from sinks.reconcile.scope import FIRST_DAY

_log = structlog.get_logger()
_PAUSE_S = 60.0
_DAY_US = 86_400_000_000


@dataclass(frozen=True, slots=True)
class Request:
    """What the command was asked: no partitions mean all; `since` is a UTC day since 1970-01-01."""

    partitions: Sequence[int] = ()
    since: int = FIRST_DAY
    repair: bool = False
    deep: bool = False


async def reconcile(
    settings: ReconcileSettings, request: Request, also: Sequence[Also] = ()
) -> tuple[Report, ...]:
    """What was found; and where something was repaired, what is found after it.

    Raises `UnavailableError` when nothing can be judged, `ConfigError` for a partition that does not exist.
    """
    bootstrap = settings.kafka_bootstrap_servers
    log = Log(
        bootstrap, settings.topic_epoch, settings.sink_group_id, lambda topic: end_offsets(bootstrap, topic)
    )
    options = Options(
        await _partitions(log, request.partitions),
        time.time_ns() // 1000 // _DAY_US,
        request.since,
        settings.reconcile_threshold,
        settings.reconcile_patience_s,
        deep=request.deep,
    )
    async with ClickHouse(settings.dsn, settings.clickhouse_database) as store:
        reconciler = Reconciler(store, log, options, also)
        first = await reconciler.run(repair=request.repair)
        if not request.repair or first.verdict is Verdict.EXACT:
            return (first,)
        return first, await reconciler.run()


def lrs_check(name: str, request: Request, *, give_back: bool) -> LrsCheck:
    """The check of the source called `name`. Raises `ConfigError` if the sources file has none."""
    settings = load(PullSettings)
    for source in read_sources(settings.sources_file, os.environ):
        if source.name == name:
            since_us = max(request.since, 0) * _DAY_US
            return LrsCheck(source, os.environ[source.secret_env], settings, since_us, give_back=give_back)
    raise ConfigError(str(settings.sources_file), [f"it names no source {name}"])


async def _partitions(log: Log, asked: Sequence[int]) -> Sequence[int]:
    known = sorted(await log.ends(STATEMENTS.name))
    if unknown := sorted(set(asked) - set(known)):
        raise ConfigError(STATEMENTS.name, [f"there is no partition {number}" for number in unknown])
    return sorted(set(asked)) or known


def run_every(seconds: float, settings: ReconcileSettings, request: Request, also: Sequence[Also]) -> None:
    """Reconcile again and again until SIGTERM or SIGINT."""
    asyncio.run(_every(seconds, settings, request, also))


async def _every(seconds: float, settings: ReconcileSettings, request: Request, also: Sequence[Also]) -> None:
    registry = CollectorRegistry()
    metrics = ReconcileMetrics(registry)
    metrics.finished.set_to_current_time()
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with ops_server(settings.ops_host, settings.ops_port, registry, lambda: True):
        while not stop.is_set():
            pause_s = await _once(settings, request, also, metrics, seconds)
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), pause_s)


async def _once(
    settings: ReconcileSettings,
    request: Request,
    also: Sequence[Also],
    metrics: ReconcileMetrics,
    seconds: float,
) -> float:
    """One round; the pause until the next, seconds."""
    try:
        for report in await reconcile(settings, request, also):
            measure(report, metrics)
            _log.info(
                log_events.RECONCILED,
                run=report.run_id,
                verdict=report.verdict.value,
                worst_ratio=report.worst,
                repaired=dict(report.repaired),
            )
    except UnavailableError as error:
        metrics.runs.labels("unavailable").inc()
        _log.warning(log_events.RECONCILE_UNAVAILABLE, error=str(error))
        return min(_PAUSE_S, seconds)
    return seconds


def measure(report: Report, metrics: ReconcileMetrics) -> None:
    """Put a report into the metrics."""
    metrics.runs.labels(report.verdict.value).inc()
    metrics.finished.set(report.finished_us / 1_000_000)
    for drift in report.figures.values():
        metrics.drift_ratio.labels(drift.figure).set(drift.ratio)
    for table, rows in report.repaired.items():
        metrics.repaired.labels(table).inc(rows)
    for partition, offset in report.offsets.items():
        metrics.offset.labels(str(partition)).set(offset)


def sentences(report: Report) -> list[str]:
    """The report for a person."""
    offsets = ", ".join(f"{partition} to {offset}" for partition, offset in sorted(report.offsets.items()))
    lines = [f"compared partitions: {offsets or 'none'}"]
    lines += [f"partition {number} left out: {why}" for number, why in sorted(report.skipped.items())]
    lines += [
        f"{drift.figure:>20}  {drift.expected:>12,}  off by {drift.difference:,} ({drift.ratio:.4%})"
        for drift in report.figures.values()
    ]
    lines += [
        f"{one.kind.value} in {one.table}: {one.key}"
        + (f" should be {one.expected}" if one.expected else "")
        + (f" and is {one.found}" if one.found else "")
        for one in report.findings
    ]
    lines += [f"made right in {table}: {rows} rows" for table, rows in sorted(report.repaired.items())]
    return [*lines, f"verdict: {report.verdict.value}"]


def exit_code(report: Report) -> int:
    """0: exact or within the threshold; 1: drift; 3: nothing could be compared yet."""
    return {Verdict.DRIFT: 1, Verdict.UNPROVEN: 3}.get(report.verdict, 0)
