"""Freshness: from the adapter accepting a statement to its row in ClickHouse, at shares of the peak.

The whole pipeline runs on this machine, sender, broker and database included: the peak is that of all of them
together on its cores, not that of any one.
"""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import quantiles
from typing import Any

from aiokafka import TopicPartition
from clickhouse_connect.driver.client import Client

from readystream.dev.generator import Delivery, generate
from readystream.dev.local import LocalPipeline
from readystream.dev.lrs import ForwardResult
from readystream.dev.probe import Probe
from readystream.topics import end_offsets
from schemas import codec
from schemas.topics import EVENTS
from streams.engine.restore import read_to_end

# The learning ends yesterday: a statement from the future would be dated by its arrival.
AS_OF = datetime.now(UTC).date()
SHARES = (0.25, 0.5, 0.8)
_WARM_UP_S = 2.0  # of each stretch; not counted
_DAYS, _STATEMENTS_PER_LEARNER = 90, 90
_AGES_SQL = """
SELECT count(), quantileExact(0.5)(age), quantileExact(0.99)(age) FROM (
  SELECT dateDiff('millisecond', received_at, ingested_at) AS age FROM learning_events
  WHERE received_at >= toDateTime64({since:String}, 6, 'UTC'))
"""
_THROUGHPUT_SQL = """
SELECT 1e3 * count() / dateDiff('millisecond', min(received_at), max(ingested_at)) FROM learning_events
WHERE received_at >= toDateTime64({since:String}, 6, 'UTC')
"""


@dataclass(frozen=True, slots=True)
class Freshness:
    """Ages of learning events, milliseconds, at `share` of the peak: `rate` statements a second were sent.

    `worker_` ages are those at which the worker sent them, the others include the sink and ClickHouse.
    """

    share: float
    rate: float
    statements: int
    p50_ms: float
    p99_ms: float
    worker_p50_ms: float
    worker_p99_ms: float


@dataclass(frozen=True, slots=True)
class Flow:
    """The peak of the whole pipeline, statements a second, and how fresh its end is below that."""

    peak_per_s: float
    stretches: Sequence[Freshness]


async def measure(home: Path, statements: int, stretch_s: float) -> Flow:
    """Find the peak with `statements` statements, then send at each share of it for `stretch_s` seconds."""
    pipeline = LocalPipeline(home, AS_OF, workers=1, given={})
    try:
        await pipeline.start()
        probe = pipeline.probe()
        await probe.start()
        try:
            return await _measure(pipeline, probe, statements, stretch_s)
        finally:
            await probe.stop()
    finally:
        pipeline.stop()


async def _measure(pipeline: LocalPipeline, probe: Probe, statements: int, stretch_s: float) -> Flow:
    since = datetime.now(UTC)
    await _send(pipeline, _deliveries(statements, seed=1), None)
    await pipeline.drain(probe)
    peak = await asyncio.to_thread(_throughput, pipeline.client(), since)
    stretches = [await _stretch(pipeline, probe, share, peak * share, stretch_s) for share in SHARES]
    return Flow(peak, stretches)


async def _stretch(
    pipeline: LocalPipeline, probe: Probe, share: float, rate: float, stretch_s: float
) -> Freshness:
    since = datetime.now(UTC) + timedelta(seconds=_WARM_UP_S)
    deliveries = _deliveries(round(rate * (stretch_s + _WARM_UP_S)), seed=round(100 * share))
    await _send(pipeline, deliveries, rate)
    await pipeline.drain(probe)
    count, p50, p99 = await asyncio.to_thread(_ages, pipeline.client(), since)
    sent = await _ages_when_sent(pipeline.stack.bootstrap, since)
    return Freshness(share, rate, count, p50, p99, sent[50 - 1], sent[99 - 1])


async def _ages_when_sent(bootstrap: str, since: datetime) -> list[float]:
    """Percentiles, 1 to 99, of how old learning events were when the worker sent them."""
    ages: list[float] = []

    def apply(_place: TopicPartition, records: Sequence[Any]) -> None:
        for record in records:
            received_at = codec.decode(EVENTS, record.value)["received_at"] / 1000
            if received_at >= since.timestamp() * 1000:
                ages.append(record.timestamp - received_at)

    places = await end_offsets(bootstrap, EVENTS.name)
    await read_to_end(bootstrap, {TopicPartition(EVENTS.name, place): 0 for place in places}, apply)
    return quantiles(ages, n=100)


async def _send(pipeline: LocalPipeline, deliveries: Sequence[Delivery], rate: float | None) -> None:
    await pipeline.send(deliveries, ForwardResult(), rate)


def _deliveries(statements: int, seed: int) -> list[Delivery]:
    """Deliveries of a company of its own, valid ones only, of about so many statements."""
    learners = statements // _STATEMENTS_PER_LEARNER + 20
    simulation = generate(learners, _DAYS, seed, AS_OF - timedelta(days=1))
    return list(_first(simulation.deliveries, statements))


def _first(deliveries: Sequence[Delivery], statements: int) -> Iterator[Delivery]:
    taken = 0
    for delivery in deliveries:
        if taken >= statements:
            return
        if delivery.valid:
            taken += len(delivery.statements)
            yield delivery


def _throughput(client: Client, since: datetime) -> float:
    """Statements a second, from the first that was read to the last that was written."""
    return float(client.query(_THROUGHPUT_SQL, parameters=_asked(since)).result_rows[0][0])


def _ages(client: Client, since: datetime) -> tuple[int, float, float]:
    count, p50, p99 = client.query(_AGES_SQL, parameters=_asked(since)).result_rows[0]
    return int(count), float(p50), float(p99)


def _asked(since: datetime) -> dict[str, str]:
    return {"since": since.strftime("%Y-%m-%d %H:%M:%S.%f")}
