"""When a worker that makes no progress counts as stalled."""

from pathlib import Path

import pytest
from aiokafka import AIOKafkaProducer

from streams.engine.config import EngineConfig
from streams.engine.health import Health
from streams.engine.watchdog import Watchdog
from tests.integration.engine_harness import make_topics
from tests.services.kafka import Kafka


class Clock:
    """A clock that is set by hand, seconds."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def health(clock: Clock) -> Health:
    return Health(clock=clock)


@pytest.fixture
async def source(kafka: Kafka, topic_prefix: str) -> str:
    """A topic with five records in partition 0."""
    topic = f"{topic_prefix}source"
    await make_topics(kafka.bootstrap, 2, topic)
    producer = AIOKafkaProducer(bootstrap_servers=kafka.bootstrap)
    await producer.start()
    for _ in range(5):
        await producer.send_and_wait(topic, b"x", partition=0)
    await producer.stop()
    return topic


@pytest.fixture
def watchdog(kafka: Kafka, health: Health, source: str, group_id: str) -> Watchdog:
    config = EngineConfig(
        app_id=group_id,
        bootstrap_servers=kafka.bootstrap,
        partitions=2,
        data_dir=Path("unused"),
        watchdog_s=60.0,
    )
    return Watchdog(config, health, (source,))


async def test_a_group_that_is_never_joined(watchdog: Watchdog, clock: Clock) -> None:
    clock.now += 59
    assert not await watchdog.stalled()
    clock.now += 1
    assert await watchdog.stalled()


async def test_restoring_is_progress(watchdog: Watchdog, health: Health, clock: Clock) -> None:
    clock.now += 59
    health.restored(1000)
    clock.now += 59
    assert not await watchdog.stalled()


async def test_records_that_nobody_processes(watchdog: Watchdog, health: Health, clock: Clock) -> None:
    health.assigned([0, 1])
    clock.now += 60
    assert await watchdog.stalled()


async def test_records_after_the_last_position(
    watchdog: Watchdog, health: Health, clock: Clock, source: str
) -> None:
    health.assigned([0, 1])
    health.processed(source, 0, records=4, next_offset=4)
    clock.now += 60
    assert await watchdog.stalled()


async def test_nothing_to_do(watchdog: Watchdog, health: Health, clock: Clock, source: str) -> None:
    health.assigned([0, 1])
    health.processed(source, 0, records=5, next_offset=5)
    clock.now += 6000
    assert not await watchdog.stalled()


async def test_a_worker_without_partitions(watchdog: Watchdog, health: Health, clock: Clock) -> None:
    health.assigned([])
    clock.now += 6000
    assert not await watchdog.stalled()
