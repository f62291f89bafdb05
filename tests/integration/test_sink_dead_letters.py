"""Records that cannot become rows."""

import asyncio

import pytest

from schemas.errors import ReadystreamError
from schemas.topics import READINESS, STATEMENTS
from sinks.run import run_sink
from tests.integration.sink_kit import Sent, eventually, example, open_world, running


async def test_a_poison_record_is_a_dead_letter_and_the_stream_goes_on(kafka: str, clickhouse: str) -> None:
    async with open_world(kafka, clickhouse) as world:
        settings = await world.settings(topic_epoch=3)
        offsets = await world.topics.send(
            [
                Sent(STATEMENTS, example(STATEMENTS, statement_id="before")),
                Sent(STATEMENTS, b"\x00poison\xff", key="whose"),
                Sent(READINESS, None),
                Sent(STATEMENTS, example(STATEMENTS, statement_id="after")),
            ]
        )
        async with running(settings) as health:
            await eventually(lambda: health.rows["statements"] == 2 and health.rows["dead_letters"] == 2)

        letters = world.rows(
            "SELECT topic, partition, offset, epoch, reason, step, key, hex(value), correlation_id "
            "FROM dead_letters ORDER BY topic DESC"
        )

    assert letters == [
        (
            STATEMENTS.name,
            0,
            offsets[1],
            3,
            "undecodable",
            "sink",
            "whose",
            b"\x00poison\xff".hex().upper(),
            "delivery",
        ),
        (READINESS.name, 0, offsets[2], 3, "no_version", "sink", "someone", "", "delivery"),
    ]


async def test_too_many_in_a_row_stop_the_sink_before_it_commits(kafka: str, clickhouse: str) -> None:
    async with open_world(kafka, clickhouse) as world:
        settings = await world.settings()
        await world.topics.send([Sent(STATEMENTS, b"of another release") for _ in range(1000)])

        with pytest.raises(ReadystreamError, match="in a row"):
            await asyncio.wait_for(run_sink(settings), 30)

        assert world.value("SELECT count() FROM dead_letters") == 0
