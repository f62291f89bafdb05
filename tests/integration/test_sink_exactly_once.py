"""Crashes, restarts, rebalances and outages: every row once, in materialized views too."""

import asyncio
from collections.abc import Callable, Iterator

import pytest

from schemas.settings import SinkSettings
from schemas.topics import EVENTS, STATEMENTS
from sinks.rounds import Step
from sinks.run import run_sink
from tests.integration.sink_kit import (
    Cable,
    CrashAfter,
    CrashError,
    Sent,
    World,
    eventually,
    example,
    running,
    world_of,
)
from tests.services.clickhouse import Database
from tests.services.kafka import Broker, Kafka, describe, empty_catalogue


@pytest.fixture
def world(empty_kafka: Kafka, database: Database) -> Iterator[World]:
    with world_of(empty_kafka, database) as one:
        yield one


CRASHES = [
    CrashAfter(Step.INTENT),
    CrashAfter(Step.DATA),
    CrashAfter(Step.DATA, 2),
    CrashAfter(Step.LETTERS),
    CrashAfter(Step.COMMIT),
    CrashAfter(Step.INTENT, 2),
    CrashAfter(Step.DATA, 4),
]


def statements(start: int, count: int) -> list[Sent]:
    """Distinct statements over the partitions, one in ten of them poison."""
    return [
        Sent(
            STATEMENTS,
            b"poison" if number % 10 == 9 else example(STATEMENTS, statement_id=str(number)),
            partition=number % 3,
        )
        for number in range(start, start + count)
    ]


async def crash(settings: SinkSettings, after: CrashAfter) -> None:
    """Run a sink into its crash."""
    with pytest.raises(CrashError):
        await asyncio.wait_for(run_sink(settings, after=after), 60)


def expect_exactly(world: World, good: int, poison: int) -> None:
    """Every good statement once, in the view too, and every poison record one dead letter."""
    in_table = world.rows("SELECT origin_partition, count() FROM statements GROUP BY 1 ORDER BY 1")
    in_view = world.rows("SELECT key, sum(n) FROM counted_statements GROUP BY 1 ORDER BY 1")
    assert sum(count for _, count in in_table) == good
    assert in_view == in_table
    assert world.value("SELECT uniqExact(statement_id) FROM statements") == good
    assert world.value("SELECT count() FROM dead_letters FINAL") == poison


async def test_a_crash_between_any_two_steps_neither_loses_nor_doubles(world: World) -> None:
    world.count_through_view("statements", "origin_partition")
    settings = world.settings(flush_rows=7)
    for number, after in enumerate(CRASHES):
        await world.send(statements(number * 50, 50))
        await crash(settings, after)
    poison = 5 * len(CRASHES)
    good = 9 * poison

    async with running(settings):
        await eventually(lambda: world.value("SELECT count() FROM statements") >= good)
        await eventually(lambda: world.value("SELECT count() FROM dead_letters FINAL") >= poison)

    expect_exactly(world, good, poison)


async def test_a_graceful_stop_writes_what_waits_and_commits(world: World) -> None:
    settings = world.settings(flush_age_s=3600)
    await world.send(statements(0, 9))
    async with running(settings) as health:
        await eventually(lambda: health.ready)
        await asyncio.sleep(1.0)
        assert not health.rows
    assert world.value("SELECT count() FROM statements") == 9
    intents = world.rows("SELECT * FROM ingest_intent FINAL ORDER BY ALL")

    async with running(settings) as again:
        await eventually(lambda: again.ready)
        await asyncio.sleep(1.0)

    assert not again.rows
    assert world.rows("SELECT * FROM ingest_intent FINAL ORDER BY ALL") == intents


def events(start: int, count: int) -> list[Sent]:
    """Distinct learning events over the partitions."""
    return [
        Sent(
            EVENTS,
            example(EVENTS, statement_id=str(number), origin_partition=number % 4),
            partition=number % 4,
            version=1,
        )
        for number in range(start, start + count)
    ]


async def send_slowly(world: World, start: int) -> None:
    """A thousand events within a few seconds."""
    for number in range(start, start + 1000, 50):
        await world.send(events(number, 50))


async def test_sinks_that_come_and_go_share_the_partitions(world: World) -> None:
    world.count_through_view("learning_events", "origin_partition")
    settings = world.settings(flush_rows=50)

    async with running(settings) as first:
        await eventually(lambda: first.ready)
        await send_slowly(world, 0)
        async with running(settings) as second:
            await send_slowly(world, 1000)
            await eventually(lambda: second.ready and first.ready)
            await send_slowly(world, 2000)
        await eventually(lambda: world.value("SELECT count() FROM learning_events FINAL") == 3000)

    counted = world.rows("SELECT key, sum(n) FROM counted_learning_events GROUP BY 1 ORDER BY 1")
    assert counted == [(0, 750), (1, 750), (2, 750), (3, 750)]


async def test_clickhouse_out_of_reach_for_a_while_loses_nothing(world: World) -> None:
    world.count_through_view("statements", "origin_partition")
    async with Cable(world.database.dsn).laid() as cable:
        cable.cut()
        await world.send(statements(0, 100))
        async with running(world.settings(clickhouse_dsn=cable.dsn)) as health:
            await eventually(lambda: health.failing_since is not None)
            cable.mend()
            await eventually(lambda: health.rows["dead_letters"] == 10 and health.ready)
            cable.cut()
            await world.send(statements(100, 100))
            await eventually(lambda: health.failing_since is not None)
            await eventually(lambda: sum(health.lag.values()) >= 100)
            assert not health.ready
            cable.mend()
            await eventually(lambda: health.rows["dead_letters"] == 20 and health.ready)

    expect_exactly(world, good=180, poison=20)


async def test_a_broker_that_hangs_past_the_session_loses_nothing(
    private_broker: Callable[[], Broker], database: Database
) -> None:
    broker = private_broker()
    await empty_catalogue(describe(broker))
    with world_of(describe(broker), database) as world:
        world.count_through_view("statements", "origin_partition")
        async with running(world.settings()) as health:
            await world.send(statements(0, 100))
            await eventually(lambda: health.rows["statements"] > 0)
            broker.freeze()
            await asyncio.sleep(world.kafka.session_timeout_s + 2)
            broker.thaw()
            await world.send(statements(100, 100))
            await eventually(lambda: world.value("SELECT count() FROM dead_letters FINAL") == 20, 60)
            await eventually(lambda: world.value("SELECT count() FROM statements") >= 180)

        expect_exactly(world, good=180, poison=20)


async def test_a_new_epoch_loads_the_same_records_again(world: World) -> None:
    await world.send([Sent(STATEMENTS, example(STATEMENTS, statement_id=str(n))) for n in range(5)])
    async with running(world.settings()) as health:
        await eventually(lambda: health.rows["statements"] == 5)
    world.client.command("DELETE FROM statements WHERE 1")

    async with running(world.settings(topic_epoch=1, sink_group_id="loads-again")) as health:
        await eventually(lambda: health.rows["statements"] == 5)

    assert world.rows("SELECT origin_epoch, count() FROM statements GROUP BY 1") == [(1, 5)]
