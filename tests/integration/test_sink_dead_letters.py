"""Records that cannot become rows."""

import asyncio
from collections.abc import Iterator

import pytest
from clickhouse_connect.driver.exceptions import DatabaseError

from schemas.errors import ReadystreamError
from schemas.topics import EVENTS, READINESS, STATEMENTS
from sinks.rounds import Step
from sinks.run import run_sink
from tests.integration.sink_kit import (
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
from tests.services.kafka import Kafka


@pytest.fixture
def world(empty_kafka: Kafka, database: Database) -> Iterator[World]:
    with world_of(empty_kafka, database) as one:
        yield one


async def test_a_poison_record_is_a_dead_letter_and_the_stream_goes_on(world: World) -> None:
    poison = b"\x00poison\xff"
    offsets = await world.send(
        [
            Sent(STATEMENTS, example(STATEMENTS, statement_id="before")),
            Sent(STATEMENTS, poison, key="whose"),
            Sent(READINESS, None),
            Sent(STATEMENTS, example(STATEMENTS, statement_id="after")),
        ]
    )

    async with running(world.settings(topic_epoch=3)) as health:
        await eventually(lambda: health.rows["statements"] == 2 and health.rows["dead_letters"] == 2)

    where = "topic, partition, offset, epoch, reason, step, correlation_id"
    assert world.rows(f"SELECT {where} FROM dead_letters ORDER BY topic DESC") == [
        (STATEMENTS.name, 0, offsets[1], 3, "undecodable", "sink", "delivery"),
        (READINESS.name, 0, offsets[2], 3, "no_version", "sink", "delivery"),
    ]
    assert world.rows("SELECT key, hex(value) FROM dead_letters ORDER BY topic DESC") == [
        ("whose", poison.hex().upper()),
        ("someone", ""),
    ]


async def test_too_many_in_a_row_stop_the_sink_before_it_buries_them(world: World) -> None:
    await world.send([Sent(STATEMENTS, b"of another release") for _ in range(1000)])

    with pytest.raises(ReadystreamError, match="in a row"):
        await asyncio.wait_for(run_sink(world.settings()), 30)

    assert world.value("SELECT count() FROM dead_letters") == 0
    assert world.value("SELECT count() FROM ingest_intent") == 0


def curse(world: World, table: str, check: str) -> None:
    """Let the table refuse rows that do not pass `check`."""
    world.client.command(f"ALTER TABLE {table} ADD CONSTRAINT sane CHECK {check}")


async def test_a_row_that_clickhouse_refuses_costs_its_own_record_only(world: World) -> None:
    world.count_through_view("learning_events", "origin_partition")
    curse(world, "learning_events", "verb != 'cursed'")
    cursed = (3, 4, 40, 99)
    records = [
        example(EVENTS, statement_id=str(n), verb="cursed" if n in cursed else "fine", origin_partition=1)
        for n in range(100)
    ]
    offsets = await world.send([Sent(EVENTS, record, version=1) for record in records])

    async with running(world.settings(flush_rows=100)) as health:
        await eventually(lambda: health.rows["dead_letters"] == 4)

    assert world.rows("SELECT count(), uniqExact(statement_id) FROM learning_events") == [(96, 96)]
    assert world.rows("SELECT key, sum(n) FROM counted_learning_events GROUP BY 1") == [(1, 96)]
    letters = world.rows("SELECT offset, reason FROM dead_letters ORDER BY offset")
    assert letters == [(offsets[n], "rejected") for n in cursed]
    assert world.rows("SHOW TABLES LIKE 'sieve%'") == []


async def test_a_crash_after_a_block_was_sifted_doubles_nothing(world: World) -> None:
    world.count_through_view("statements", "origin_partition")
    curse(world, "statements", "statement_id != 'cursed'")
    await world.send(
        [Sent(STATEMENTS, example(STATEMENTS, statement_id=name)) for name in ("a", "cursed", "b")]
    )

    with pytest.raises(CrashError):
        await asyncio.wait_for(run_sink(world.settings(), after=CrashAfter(Step.DATA)), 60)
    async with running(world.settings()):
        await eventually(lambda: world.value("SELECT count() FROM dead_letters") == 1)

    assert world.rows("SELECT key, sum(n) FROM counted_statements GROUP BY 1") == [(0, 2)]


async def test_a_table_that_refuses_everything_stops_the_sink(world: World) -> None:
    curse(world, "statements", "statement_id = 'nobody'")
    await world.send([Sent(STATEMENTS, example(STATEMENTS)) for _ in range(200)])

    with pytest.raises(DatabaseError, match="VIOLATED_CONSTRAINT"):
        await asyncio.wait_for(run_sink(world.settings(flush_rows=200)), 30)

    assert world.value("SELECT count() FROM dead_letters") == 0


async def test_a_view_that_fails_stops_the_sink(world: World) -> None:
    world.client.command(
        "CREATE MATERIALIZED VIEW broken ENGINE = MergeTree ORDER BY n "
        "AS SELECT toInt32(statement_id) AS n FROM statements"
    )
    await world.send([Sent(STATEMENTS, example(STATEMENTS, statement_id="no number"))])

    with pytest.raises(DatabaseError, match="broken"):
        await asyncio.wait_for(run_sink(world.settings()), 30)

    assert world.value("SELECT count() FROM dead_letters") == 0
