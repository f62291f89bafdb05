"""Stopping the statement log at any moment of its connecting."""

import asyncio
from collections.abc import Callable

from prometheus_client import CollectorRegistry

from lrs_adapter.log.statement_log import StatementLog
from lrs_adapter.wire.in_flight import InFlight
from schemas.metrics import AdapterMetrics
from tests.services.kafka import Broker, describe


async def test_a_stop_at_any_moment_ends(private_broker: Callable[[], Broker]) -> None:
    kafka = describe(private_broker())
    metrics = AdapterMetrics(CollectorRegistry())
    for ticks in range(0, 400, 3):
        statement_log = StatementLog(
            kafka.bootstrap,
            idempotent=not kafka.is_embedded,
            ack_timeout_s=1.0,
            in_flight=InFlight(1000, metrics.in_flight_bytes),
        )
        statement_log.start()
        for _ in range(ticks):
            await asyncio.sleep(0)
        async with asyncio.timeout(5):
            await statement_log.stop()
        assert statement_log.partitions is None
