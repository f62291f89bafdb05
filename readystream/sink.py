"""The sink process: Kafka to ClickHouse, with its operator's addresses."""

import asyncio
import signal
from functools import partial
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry

from readystream.databases import migrate_database
from readystream.ops import ops_server
from readystream.tracing import tell_insert, tracing
from schemas.metrics import SinkMetrics
from schemas.settings import SinkSettings
from sinks.health import SinkHealth
from sinks.process import collect_seldom
from sinks.run import run_sink

if TYPE_CHECKING:
    from readystream.otel import Tracing


def run(settings: SinkSettings) -> None:
    """Bring the database up to date, then run a sink until SIGTERM or SIGINT.

    Raises `UnavailableError` when ClickHouse does not answer at start: supervisors start us again.
    """
    migrate_database(settings.dsn, settings.clickhouse_database)
    collect_seldom()
    with tracing(settings, "sink") as traced:
        asyncio.run(_run(settings, traced))


async def _run(settings: SinkSettings, traced: "Tracing | None") -> None:
    registry = CollectorRegistry()
    health = SinkHealth(SinkMetrics(registry))
    if traced is not None:
        health.on_insert = partial(tell_insert, traced)
    async with ops_server(settings.ops_host, settings.ops_port, registry, lambda: health.ready):
        work = asyncio.create_task(run_sink(settings, health=health))
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, work.cancel)
        try:
            await work
        except asyncio.CancelledError:
            return
