"""Crashes, restarts, rebalances and outages: every row once, in materialized views too."""

import asyncio
from collections import Counter

import pytest

from schemas.examples import EXAMPLES
from schemas.settings import SinkSettings
from schemas.topics import EVENTS, STATEMENTS
from sinks.rounds import Step
from sinks.run import run_sink
from tests.integration.sink_kit import Cable, Sent, World, eventually, example, open_world, running


class Crash(Exception):
    """Ends the sink as a fault that it does not know."""


class CrashAfter:
    """Raises when `step` has been done for the nth time."""

    def __init__(self, step: Step, nth: int = 1) -> None:
        self._step = step
        self._left = nth

    def __call__(self, step: Step) -> None:
        if step is self._step:
            self._left -= 1
            if self._left == 0:
                raise Crash(step.name)


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
    with pytest.raises(Crash):
        await asyncio.wait_for(run_sink(settings, after=after), 60)


async def expect_exactly(world: World, good: int, poison: int) -> None:
    """Every good statement once, in the view too, and every poison record one dead letter."""
    by_partition = dict(world.rows("SELECT origin_partition, count() FROM statements GROUP BY 1"))
    in_view = dict(world.rows("SELECT key, sum(n) FROM counted_statements GROUP BY 1"))
    assert sum(by_partition.values()) == good
    assert in_view == by_partition
    assert world.value("SELECT uniqExact(statement_id) FROM statements") == good
    assert world.value("SELECT count() FROM dead_letters FINAL") == poison


async def test_a_crash_between_any_two_steps_neither_loses_nor_doubles(kafka: str, clickhouse: str) -> None:
    async with open_world(kafka, clickhouse) as world:
        world.count_through_view("statements", "origin_partition")
        settings = await world.settings(flush_rows=7)
        for number, after in enumerate(CRASHES):
            await world.topics.send(statements(number * 50, 50))
            await crash(settings, after)
        total = 50 * len(CRASHES)

        async with running(settings):
            await eventually(lambda: world.value("SELECT count() FROM dead_letters FINAL") >= total // 10)
            await eventually(lambda: world.value("SELECT count() FROM statements") >= total - total // 10)

        await expect_exactly(world, good=total - total // 10, poison=total // 10)


async def test_a_graceful_stop_writes_what_waits_and_commits(kafka: str, clickhouse: str) -> None:
    async with open_world(kafka, clickhouse) as world:
        settings = await world.settings(flush_age_s=3600)
        await world.topics.send(statements(0, 9))
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


async def test_sinks_that_come_and_go_share_the_partitions(kafka: str, clickhouse: str) -> None:
    async with open_world(kafka, clickhouse) as world:
        world.count_through_view("learning_events", "origin_partition")
        settings = await world.settings(flush_rows=50)

        async def send(start: int) -> None:
            for number in range(start, start + 1000, 20):
                events = [event(place) for place in range(number, number + 20)]
                await world.topics.send(events)
                await asyncio.sleep(0.02)

        async with running(settings) as first:
            await eventually(lambda: first.ready)
            await send(0)
            async with running(settings) as second:
                await send(1000)
                await eventually(lambda: second.ready)
                await send(2000)
            await eventually(
                lambda: world.value("SELECT uniqExact(statement_id) FROM learning_events") == 3000
            )

        assert Counter(
            dict(world.rows("SELECT key, sum(n) FROM counted_learning_events GROUP BY 1"))
        ) == Counter({0: 750, 1: 750, 2: 750, 3: 750})


def event(number: int) -> Sent:
    """A learning event in its partition."""
    partition = number % 4
    changes = {"statement_id": str(number), "origin_partition": partition}
    return Sent(EVENTS, example(EVENTS, **changes), partition=partition)


async def test_clickhouse_out_of_reach_for_a_while_loses_nothing(kafka: str, clickhouse: str) -> None:
    async with open_world(kafka, clickhouse) as world, Cable(clickhouse).laid() as cable:
        world.count_through_view("statements", "origin_partition")
        settings = await world.settings(clickhouse_dsn=cable.dsn)
        cable.cut()
        await world.topics.send(statements(0, 100))
        async with running(settings) as health:
            await eventually(lambda: health.failing_since is not None)
            cable.mend()
            await eventually(lambda: health.rows["statements"] == 90 and health.failing_since is None)
            cable.cut()
            await world.topics.send(statements(100, 100))
            await eventually(lambda: health.failing_since is not None)
            assert not health.ready
            cable.mend()
            await eventually(lambda: health.rows["dead_letters"] == 20 and health.ready)

        await expect_exactly(world, good=180, poison=20)


async def test_a_new_epoch_loads_the_same_records_again(kafka: str, clickhouse: str) -> None:
    async with open_world(kafka, clickhouse) as world:
        settings = await world.settings()
        other = await world.settings(topic_epoch=1)
        await world.topics.send(
            [Sent(STATEMENTS, example(STATEMENTS, statement_id=str(n))) for n in range(5)]
        )
        async with running(settings) as health:
            await eventually(lambda: health.rows["statements"] == 5)
        world.client.command("DELETE FROM statements WHERE 1")

        async with running(other) as health:
            await eventually(lambda: health.rows["statements"] == 5)

        assert world.rows("SELECT DISTINCT origin_epoch, count() FROM statements GROUP BY 1") == [(1, 5)]


async def test_the_freshness_of_statements_is_known(kafka: str, clickhouse: str) -> None:
    async with open_world(kafka, clickhouse) as world:
        settings = await world.settings()
        await world.topics.send([Sent(STATEMENTS, example(STATEMENTS)), Sent(EVENTS, example(EVENTS))])
        async with running(settings) as health:
            await eventually(lambda: health.rows.total() == 2)

            assert health.newest_received_at == EXAMPLES[STATEMENTS.name]["received_at"] / 1e6
            assert health.freshness_s is not None
            assert set(health.lag.values()) == {0}
