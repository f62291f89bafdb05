"""The sink against a broker and ClickHouse: what each topic's records become."""

from schemas.examples import EXAMPLES
from schemas.topics import DEAD_LETTERS, ENGAGEMENT, EVENTS, LINKS, READINESS, SKILLS, STATEMENTS
from tests.integration.sink_kit import Sent, World, eventually, example, open_world, running


async def write(world: World, records: list[Sent], rows: int) -> None:
    """Run a sink until it has written so many rows."""
    settings = await world.settings()
    await world.topics.send(records)
    async with running(settings) as health:
        await eventually(lambda: health.rows.total() >= rows)


async def test_every_topic_fills_its_table(kafka: str, clickhouse: str) -> None:
    topics = [STATEMENTS, LINKS, EVENTS, ENGAGEMENT, SKILLS, READINESS, DEAD_LETTERS]
    async with open_world(kafka, clickhouse) as world:
        await write(world, [Sent(topic, example(topic)) for topic in topics], rows=10)

        counts = {
            name: world.value(f"SELECT count() FROM {name}")
            for name in (
                "accepted_statements",
                "identity_links",
                "events_resolved",
                "current_engagement",
                "current_skills",
                "current_readiness",
                "dead_letters",
            )
        }

    assert counts == {name: 4 if name == "current_engagement" else 1 for name in counts}


async def test_values_arrive_as_they_were_sent(kafka: str, clickhouse: str) -> None:
    statement = b'{"id":"1","n":"\xc3\xa9\\u0000"}'
    async with open_world(kafka, clickhouse) as world:
        await write(
            world,
            [
                Sent(STATEMENTS, example(STATEMENTS, statement=statement, received_at=1_793_620_800_123_456)),
                Sent(EVENTS, example(EVENTS)),
                Sent(READINESS, example(READINESS, score=None), version=2**62),
            ],
            rows=3,
        )

        assert world.rows("SELECT statement, toUnixTimestamp64Micro(received_at) FROM statements") == [
            (statement.decode(), 1_793_620_800_123_456)
        ]
        (slots, evidence) = world.rows("SELECT slots, evidence FROM learning_events")[0]
        assert slots == EXAMPLES[EVENTS.name]["slots"]
        assert evidence == EXAMPLES[EVENTS.name]["evidence"]
        (score, gaps, version) = world.rows("SELECT score, gaps, version FROM current_readiness")[0]
        assert (score, gaps, version) == (None, EXAMPLES[READINESS.name]["gaps"], 2**62)


async def test_duplicates_in_the_raw_log_are_counted(kafka: str, clickhouse: str) -> None:
    sent = [
        *(Sent(STATEMENTS, example(STATEMENTS, statement_id=name)) for name in ("a", "b", "a", "a")),
        Sent(STATEMENTS, example(STATEMENTS, statement_id="c"), partition=1),
        Sent(STATEMENTS, example(STATEMENTS, statement_id="v", copy=True), partition=2),
    ]
    async with open_world(kafka, clickhouse) as world:
        await write(world, sent, rows=5)
        world.client.command(  # as if rows had been sent again
            "INSERT INTO statements SELECT * FROM statements SETTINGS insert_deduplicate = 0"
        )

        counted = world.rows("SELECT count(), count() - uniqExact(statement_id) FROM accepted_statements")

    assert counted == [(5, 2)]


async def test_the_highest_version_holds_in_whatever_order_it_comes(kafka: str, clickhouse: str) -> None:
    levels = [(30.0, 5), (80.0, 9), (40.0, 7)]
    async with open_world(kafka, clickhouse) as world:
        await write(
            world,
            [Sent(SKILLS, example(SKILLS, level=level), version=version) for level, version in levels],
            3,
        )

        assert world.rows("SELECT level, version FROM current_skills") == [(80.0, 9)]


async def test_tombstones_withdraw_rows_and_older_updates_do_not_bring_them_back(
    kafka: str, clickhouse: str
) -> None:
    person, skill = EXAMPLES[SKILLS.name]["person_id"], EXAMPLES[SKILLS.name]["skill"]
    role = EXAMPLES[READINESS.name]["role"]
    async with open_world(kafka, clickhouse) as world:
        await write(
            world,
            [
                *(Sent(topic, example(topic), version=5) for topic in (ENGAGEMENT, SKILLS, READINESS)),
                Sent(ENGAGEMENT, None, key=person, version=6),
                Sent(SKILLS, None, key=f"{person}|{skill}", version=6),
                Sent(READINESS, None, key=f"{person}|{role}", version=6),
                *(Sent(topic, example(topic), version=4) for topic in (ENGAGEMENT, SKILLS, READINESS)),
                Sent(SKILLS, example(SKILLS, skill="kept"), version=1),
            ],
            rows=19,
        )

        assert world.value("SELECT count() FROM current_engagement") == 0
        assert world.rows("SELECT skill FROM current_skills") == [("kept",)]
        assert world.value("SELECT count() FROM current_readiness") == 0
        assert world.rows("SELECT version, deleted FROM readiness FINAL ORDER BY version") == [
            (4, 0),
            (5, 0),
            (6, 1),
        ]


async def test_a_withdrawn_person_can_come_back(kafka: str, clickhouse: str) -> None:
    person = EXAMPLES[ENGAGEMENT.name]["person_id"]
    async with open_world(kafka, clickhouse) as world:
        await write(
            world,
            [Sent(ENGAGEMENT, None, key=person, version=6), Sent(ENGAGEMENT, example(ENGAGEMENT), version=7)],
            rows=8,
        )

        assert world.value("SELECT count() FROM current_engagement") == 4


async def test_a_voided_event_counts_no_more(kafka: str, clickhouse: str) -> None:
    async with open_world(kafka, clickhouse) as world:
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


async def test_history_from_more_months_than_an_insert_normally_may_touch(
    kafka: str, clickhouse: str
) -> None:
    month_us = 31 * 86_400_000_000
    old = [Sent(EVENTS, example(EVENTS, statement_id=f"s{n}", event_time=n * month_us)) for n in range(300)]
    async with open_world(kafka, clickhouse) as world:
        await write(world, old, rows=300)

        assert world.value("SELECT count() FROM events_resolved") == 300
