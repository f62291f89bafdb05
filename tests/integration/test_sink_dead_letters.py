"""Records that cannot become rows."""

import asyncio
from collections.abc import Iterator

import pytest

from schemas.errors import ReadystreamError
from schemas.topics import READINESS, STATEMENTS
from sinks.run import run_sink
from tests.integration.sink_kit import Sent, World, eventually, example, running, world_of
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
