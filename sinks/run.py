"""Wiring of the sink: clients for both ends, and a stop that loses nothing."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import structlog
from aiokafka import AIOKafkaConsumer
from aiokafka.errors import KafkaError

from schemas import log_events
from schemas.errors import UnavailableError
from schemas.settings import SinkSettings
from sinks.clickhouse import ClickHouse
from sinks.committer import Committer
from sinks.health import SinkHealth
from sinks.intake import Intake
from sinks.letters import LetterBox
from sinks.policy import FlushPolicy
from sinks.process import new_producer, until_cancelled
from sinks.rounds import RoundWriter, Step
from sinks.sink import Sink
from sinks.tables import BY_TOPIC

_FETCH_WAIT_MS = 100  # a partition is taken up and given back behind fetches that wait
_FETCH_BYTES = 4 << 20  # of a partition: with a backlog, one fetch is one insert

_log = structlog.get_logger()


def _nothing(_: Step) -> None:
    """Nobody watches."""


async def run_sink(
    settings: SinkSettings, *, health: SinkHealth | None = None, after: Callable[[Step], None] = _nothing
) -> None:
    """Run a sink until the task is cancelled; then write what waits, commit and leave the group.

    `health` is kept up to date; `after` is told each step that a round has taken. Raises `UnavailableError`
    if Kafka does not answer at start, and `ReadystreamError` or what ClickHouse raises for faults that do not
    pass by themselves.
    """
    stop = asyncio.Event()
    async with _sink(settings, health or SinkHealth(), after) as sink:
        _log.info(log_events.SINK_STARTED, group=settings.sink_group_id)
        try:
            await until_cancelled(sink.run(stop), stop)
        finally:
            _log.info(log_events.SINK_STOPPED)


@asynccontextmanager
async def _sink(
    settings: SinkSettings, health: SinkHealth, after: Callable[[Step], None]
) -> AsyncIterator[Sink]:
    consumer = new_consumer(settings)
    producer = new_producer(settings)
    async with ClickHouse(settings.dsn, settings.clickhouse_database) as store:
        letters = LetterBox(producer, lambda: time.time_ns() // 1000)
        writer = RoundWriter(store, letters, Committer(consumer), settings.topic_epoch, health, after)
        policy = FlushPolicy(settings.flush_rows, settings.flush_age_s)
        intake = Intake(consumer, epoch=settings.topic_epoch, policy=policy, health=health)
        sink = Sink(consumer, intake, writer, health)
        consumer.subscribe(list(BY_TOPIC), listener=sink)
        try:
            await producer.start()
            await consumer.start()
            yield sink
        except KafkaError as error:
            raise UnavailableError(f"Kafka: {error!r}") from error
        finally:
            await consumer.stop()
            await producer.stop()


def new_consumer(settings: SinkSettings) -> AIOKafkaConsumer:
    """A consumer of the sink's group that is not started yet and has no topics."""
    return AIOKafkaConsumer(
        bootstrap_servers=settings.kafka_bootstrap_servers,
        group_id=settings.sink_group_id,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        session_timeout_ms=int(settings.session_timeout_s * 1000),
        heartbeat_interval_ms=int(settings.heartbeat_s * 1000),
        fetch_max_wait_ms=_FETCH_WAIT_MS,
        max_partition_fetch_bytes=_FETCH_BYTES,
    )
