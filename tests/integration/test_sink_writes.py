"""The sink against a broker and ClickHouse: what each topic's records become."""

from collections.abc import Iterator

import pytest

from schemas.examples import EXAMPLES
from schemas.topics import DEAD_LETTERS, ENGAGEMENT, EVENTS, LINKS, READINESS, SKILLS, STATEMENTS
from tests.integration.sink_kit import Sent, World, eventually, example, running, world_of
from tests.services.clickhouse import Database
from tests.services.kafka import Kafka

VIEWS = (
    "accepted_statements",
    "identity_links",
    "events_resolved",
    "current_engagement",
    "current_skills",
    "current_readiness",
    "dead_letters",
)


@pytest.fixture
def world(empty_kafka: Kafka, database: Database) -> Iterator[World]:
    with world_of(empty_kafka, database) as one:
        yield one


async def write(world: World, records: list[Sent], rows: int) -> None:
    """Run a sink until it has written so many rows."""
    await world.send(records)
    async with running(world.settings()) as health:
        await eventually(lambda: health.rows.total() >= rows)


async def test_every_topic_fills_its_table(world: World) -> None:
    topics = [STATEMENTS, LINKS, EVENTS, ENGAGEMENT, SKILLS, READINESS, DEAD_LETTERS]

    await write(world, [Sent(topic, example(topic)) for topic in topics], rows=10)

    counts = {view: world.value(f"SELECT count() FROM {view}") for view in VIEWS}
    assert counts == {view: 4 if view == "current_engagement" else 1 for view in VIEWS}


async def test_values_arrive_as_they_were_sent(world: World) -> None:
    statement = b'{"id":"1","n":"\xc3\xa9\\u0000"}'
    received_at = 1_793_620_800_123_456

    await write(
        world,
        [
            Sent(STATEMENTS, example(STATEMENTS, statement=statement, received_at=received_at)),
            Sent(EVENTS, example(EVENTS)),
            Sent(READINESS, example(READINESS, score=None), version=2**62),
        ],
        rows=3,
    )

    assert world.rows("SELECT statement, toUnixTimestamp64Micro(received_at) FROM statements") == [
        (statement.decode(), received_at)
    ]
    slots, evidence = world.rows("SELECT slots, evidence FROM learning_events")[0]
    assert slots == EXAMPLES[EVENTS.name]["slots"]
    assert evidence == EXAMPLES[EVENTS.name]["evidence"]
    score, gaps, version = world.rows("SELECT score, gaps, version FROM current_readiness")[0]
    assert (score, gaps, version) == (None, EXAMPLES[READINESS.name]["gaps"], 2**62)


async def test_duplicates_in_the_raw_log_are_counted(world: World) -> None:
    sent = [
        *(Sent(STATEMENTS, example(STATEMENTS, statement_id=name)) for name in ("a", "b", "a", "a")),
        Sent(STATEMENTS, example(STATEMENTS, statement_id="c"), partition=1),
        Sent(STATEMENTS, example(STATEMENTS, statement_id="v", copy=True), partition=2),
    ]
    await write(world, sent, rows=5)
    again = "INSERT INTO statements SETTINGS insert_deduplication_token = 'again' SELECT * FROM statements"
    world.client.command(again)
    assert world.value("SELECT count() FROM statements") > 5

    counted = world.rows("SELECT count(), count() - uniqExact(statement_id) FROM accepted_statements")

    assert counted == [(5, 2)]


async def test_the_highest_version_holds_in_whatever_order_it_comes(world: World) -> None:
    levels = {5: 30.0, 9: 80.0, 7: 40.0}

    await write(
        world,
        [Sent(SKILLS, example(SKILLS, level=level), version=version) for version, level in levels.items()],
        3,
    )

    assert world.rows("SELECT level, version FROM current_skills") == [(80.0, 9)]


async def test_tombstones_withdraw_and_older_updates_do_not_bring_back(world: World) -> None:
    person, skill = EXAMPLES[SKILLS.name]["person_id"], EXAMPLES[SKILLS.name]["skill"]
    role = EXAMPLES[READINESS.name]["role"]
    upserts = (ENGAGEMENT, SKILLS, READINESS)

    await write(
        world,
        [
            *(Sent(topic, example(topic), version=5) for topic in upserts),
            Sent(ENGAGEMENT, None, key=person, version=6),
            Sent(SKILLS, None, key=f"{person}|{skill}", version=6),
            Sent(READINESS, None, key=f"{person}|{role}", version=6),
            *(Sent(topic, example(topic), version=4) for topic in upserts),
            Sent(SKILLS, example(SKILLS, skill="kept"), version=1),
        ],
        rows=19,
    )

    assert world.value("SELECT count() FROM current_engagement") == 0
    assert world.rows("SELECT skill FROM current_skills") == [("kept",)]
    assert world.value("SELECT count() FROM current_readiness") == 0
    history = world.rows("SELECT version, deleted FROM readiness FINAL ORDER BY version")
    assert history == [(4, 0), (5, 0), (6, 1)]


async def test_a_withdrawn_person_can_come_back(world: World) -> None:
    person = EXAMPLES[ENGAGEMENT.name]["person_id"]

    await write(
        world,
        [Sent(ENGAGEMENT, None, key=person, version=6), Sent(ENGAGEMENT, example(ENGAGEMENT), version=7)],
        rows=8,
    )

    assert world.value("SELECT count() FROM current_engagement") == 4


async def test_a_voided_event_counts_no_more(world: World) -> None:
    await write(
        world,
        [
            Sent(EVENTS, example(EVENTS, voided=True), version=9),
            Sent(EVENTS, example(EVENTS, voided=False), version=8),
            Sent(EVENTS, example(EVENTS, statement_id="other"), version=1),
        ],
        rows=3,
    )

    assert world.rows("SELECT statement_id FROM events_resolved") == [("other",)]


async def test_history_of_more_months_than_an_insert_normally_may_touch(world: World) -> None:
    month_us = 31 * 86_400_000_000
    old = [
        Sent(EVENTS, example(EVENTS, statement_id=f"s{n}", event_time=n * month_us), version=1)
        for n in range(300)
    ]

    await write(world, old, rows=300)

    assert world.value("SELECT count() FROM events_resolved") == 300


async def test_how_far_and_how_fresh_the_sink_is_can_be_asked(world: World) -> None:
    await world.send([Sent(STATEMENTS, example(STATEMENTS)), Sent(EVENTS, example(EVENTS))])

    async with running(world.settings()) as health:
        await eventually(lambda: health.positions.get((STATEMENTS.name, 0)) == 1)

        assert health.ready
        await eventually(lambda: health.lag.get((STATEMENTS.name, 0)) == 0)
        assert health.newest_received_at == EXAMPLES[STATEMENTS.name]["received_at"] / 1e6
        assert health.freshness_s is not None
