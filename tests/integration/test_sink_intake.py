"""The consuming side of the sink: how much it reads, and what it tells."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition

from schemas.topics import STATEMENTS
from sinks.health import SinkHealth
from sinks.intake import Intake, Start
from sinks.policy import FlushPolicy
from tests.integration.sink_kit import Sent, World, example, world_of
from tests.services.clickhouse import Database
from tests.services.kafka import Kafka

HERE = (STATEMENTS.name, 0)
LIMIT = 1000


@pytest.fixture
def world(empty_kafka: Kafka, database: Database) -> Iterator[World]:
    with world_of(empty_kafka, database) as one:
        yield one


@asynccontextmanager
async def intake(world: World, health: SinkHealth) -> AsyncIterator[Intake]:
    """An intake that reads `HERE` from its beginning and holds little."""
    async with AIOKafkaConsumer(
        bootstrap_servers=world.kafka.bootstrap, enable_auto_commit=False, fetch_max_wait_ms=100
    ) as consumer:
        consumer.assign([TopicPartition(*HERE)])
        one = Intake(consumer, epoch=0, policy=FlushPolicy(held_bytes=LIMIT), health=health)
        health.owned({HERE: 0})
        await one.open([Start(HERE, 0)])
        yield one


async def taken(one: Intake, held: int) -> int:
    """How many rows a few polls bring while a round holds so many bytes."""
    for _ in range(10):
        await one.poll(held)
    return sum(block.rows for block in one.take(everything=True, calm_s=0.0))


async def test_nothing_is_read_while_memory_is_full_and_the_lag_is_told(world: World) -> None:
    health = SinkHealth()
    for count in (19, 1):  # the embedded broker tells where its last batch begins for where it ends
        await world.send([Sent(STATEMENTS, example(STATEMENTS))] * count)

    async with intake(world, health) as one:
        assert await taken(one, held=LIMIT) == 0
        assert health.lag[HERE] == 20

        assert await taken(one, held=0) > 0


async def test_what_waits_counts_as_held(world: World) -> None:
    health = SinkHealth()
    async with intake(world, health) as one:
        for number in range(10):
            await world.send([Sent(STATEMENTS, example(STATEMENTS, statement_id=str(number)))])
            await one.poll(held=0)
        waiting = one.take(everything=True, calm_s=0.0)

    assert sum(block.rows for block in waiting) < 10
    assert sum(block.size for block in waiting) >= LIMIT
