"""Rounds against ClickHouse: repeated, refused, and by a process that is no longer the owner."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from clickhouse_connect.driver.client import Client

from schemas import codec
from schemas.examples import EXAMPLES
from schemas.topics import STATEMENTS
from sinks.buffer import Block, Buffer
from sinks.clickhouse import ClickHouse, connect
from sinks.health import SinkHealth
from sinks.intents import Announced, Intent, Partition, announce, announced
from sinks.letters import LetterBox
from sinks.migrate import migrate
from sinks.records import RawRecord
from sinks.rounds import Outcome, Round, RoundWriter
from tests.services.clickhouse import Database

HERE, THERE = (STATEMENTS.name, 0), (STATEMENTS.name, 1)


def block(start: int, end: int, where: Partition = HERE) -> Block:
    """A block of statements at these offsets."""
    buffer = Buffer(where, 0)
    for offset in range(start, end + 1):
        value = codec.encode(STATEMENTS, {**EXAMPLES[STATEMENTS.name], "statement_id": str(offset)})
        buffer.add([RawRecord(*where, offset, 0, b"k", value, (), 0)], now=0.0)
    made = buffer.block()
    assert made is not None
    return made


def round_of(made: Block, known: Intent | None = None) -> Round:
    """A round of one block by somebody who knows of `known`."""
    return Round((made,), {} if known is None else {made.partition: known})


def previous(start: int, where: Partition = HERE) -> Intent | None:
    """The intent of the one record before `start`."""
    return block(start - 1, start - 1, where).intent if start else None


@asynccontextmanager
async def writer(database: Database, group_agrees: bool = True) -> AsyncIterator[RoundWriter]:
    """A writer; the consumer group takes or refuses its commits."""

    async def commit(_: Mapping[Partition, int]) -> bool:
        return group_agrees

    async with ClickHouse(database.dsn, database.name) as store:
        yield RoundWriter(store, LetterBox(None, lambda: 0), commit, 0, SinkHealth())


def migrated(database: Database) -> Client:
    """A client of the migrated database."""
    client = connect(database.dsn)
    migrate(client, database.name)
    return client


def count(client: Client) -> tuple[int, int]:
    """Rows in the table, and rows that its materialized view counted."""
    rows = client.query("SELECT (SELECT count() FROM statements), (SELECT sum(n) FROM counted)").result_rows
    return rows[0][0], rows[0][1]


def counting(database: Database) -> Client:
    """A client of a migrated database whose statements are counted by a materialized view."""
    client = migrated(database)
    client.command(
        "CREATE TABLE counted (n UInt64) ENGINE = MergeTree ORDER BY n "
        "SETTINGS non_replicated_deduplication_window = 10000"
    )
    client.command("CREATE MATERIALIZED VIEW count_it TO counted AS SELECT count() AS n FROM statements")
    return client


async def test_a_round_that_is_repeated_counts_once(database: Database) -> None:
    with counting(database) as client:
        async with writer(database) as one, writer(database) as successor:
            first = round_of(block(0, 9))

            assert await one.write(first) is Outcome.WRITTEN
            assert await one.write(first) is Outcome.WRITTEN
            assert await successor.write(round_of(block(0, 9), block(0, 9).intent)) is Outcome.WRITTEN

        assert count(client) == (10, 10)


async def test_who_was_overtaken_writes_nothing(database: Database) -> None:
    with counting(database) as client:
        async with writer(database) as sleeper, writer(database) as successor:
            assert await sleeper.write(round_of(block(0, 4))) is Outcome.WRITTEN
            known = block(0, 4).intent
            assert await successor.write(round_of(block(5, 6), known)) is Outcome.WRITTEN

            assert await sleeper.write(round_of(block(5, 9), known)) is Outcome.TAKEN_OVER

        assert count(client) == (7, 7)
        assert announced(client, 0) == Announced({HERE: block(5, 6).intent}, 2)


async def test_of_two_that_take_the_same_number_the_first_wins(database: Database) -> None:
    with migrated(database) as client:
        short, long = block(0, 4).intent, block(0, 9).intent

        announce(client, 0, 1, [short])
        announce(client, 0, 1, [long])

        assert announced(client, 0) == Announced({HERE: short}, 1)


async def test_sinks_that_own_other_partitions_take_numbers_in_turn(database: Database) -> None:
    with counting(database) as client:
        async with writer(database) as one, writer(database) as other:
            written = [
                outcome
                for start in range(4)
                for outcome in await asyncio.gather(
                    one.write(round_of(block(start, start), previous(start))),
                    other.write(round_of(block(start, start, THERE), previous(start, THERE))),
                )
            ]

        assert set(written) == {Outcome.WRITTEN}
        assert announced(client, 0) == Announced(
            {HERE: block(3, 3).intent, THERE: block(3, 3, THERE).intent}, 8
        )
        assert count(client) == (8, 8)


async def test_two_owners_that_write_at_once_agree_on_one_range(database: Database) -> None:
    with counting(database) as client:
        async with writer(database) as one, writer(database) as other:
            outcomes = await asyncio.gather(
                one.write(round_of(block(0, 4))), other.write(round_of(block(0, 9)))
            )

        (last,) = announced(client, 0).last.values()
        assert sorted(outcome.name for outcome in outcomes) == ["TAKEN_OVER", "WRITTEN"]
        assert count(client) == (last.end + 1, last.end + 1)


async def test_a_refused_commit_leaves_the_rows_and_the_intent(database: Database) -> None:
    with counting(database) as client:
        async with writer(database, group_agrees=False) as one, writer(database) as successor:
            assert await one.write(round_of(block(0, 4))) is Outcome.NOT_COMMITTED
            intents = await successor.last_intents()
            assert intents == {HERE: block(0, 4).intent}
            assert await successor.write(round_of(block(0, 4), intents[HERE])) is Outcome.WRITTEN

        assert count(client) == (5, 5)


async def test_intents_are_kept_apart_by_epoch(database: Database) -> None:
    with migrated(database) as client:
        async with writer(database) as one:
            await one.write(round_of(block(0, 4)))

        assert announced(client, 1) == Announced({}, 0)
