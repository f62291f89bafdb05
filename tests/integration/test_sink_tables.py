"""What ClickHouse makes of the records of each topic."""

from collections.abc import Iterator
from typing import Any

import pytest
from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import DatabaseError

from schemas.examples import EXAMPLES
from schemas.topics import (
    DEAD_LETTERS,
    ENGAGEMENT,
    EVENTS,
    LINKS,
    READINESS,
    SKILLS,
    STATEMENTS,
    Topic,
    by_name,
)
from sinks.clickhouse import connect
from sinks.columns import DAY, OPTIONAL_DAY, TIME, Column
from sinks.insert import insert_records
from sinks.migrate import migrate
from sinks.poison import insert_sound, is_row_fault
from sinks.sift import sift
from sinks.tables import BY_TOPIC
from tests.services.clickhouse import ClickHouse, new_database
from tests.unit.sinks.records import example, raw

TOPICS = [by_name(name) for name in BY_TOPIC]
NUMBERS = {TIME: "toUnixTimestamp64Micro({})", DAY: "toInt32({})", OPTIONAL_DAY: "toInt32({})"}
MARKED = bytes.fromhex("86897a")  # 1 000 003, zigzag and base 128
BEYOND_INT = b"\x80\x80\x80\x80\x80\x01"  # an Avro int of 2^34, as damage makes it


@pytest.fixture(scope="module")
def client(clickhouse: ClickHouse) -> Iterator[Client]:
    with new_database(clickhouse) as database, connect(database.dsn) as one:
        migrate(one, database.name)
        yield one


def as_number(column: Column) -> str:
    return NUMBERS.get(column.type, "{}").format(f"`{column.name}`") + f" AS `{column.name}`"


def rows(client: Client, topic: Topic, value: bytes | None, **coordinates: Any) -> list[dict[str, Any]]:
    """The rows of one record, by column name; times in microseconds, days since 1970."""
    table = BY_TOPIC[topic.name]
    client.command(f"TRUNCATE TABLE {table.name}")
    insert_records(client, table.name, sift(table, [raw(topic, value, **coordinates)])[0])
    columns = ", ".join(map(as_number, table.columns))
    return list(client.query(f"SELECT {columns} FROM {table.name} ORDER BY ALL").named_results())


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
def test_the_example_becomes_rows_with_its_own_values(client: Client, topic: Topic) -> None:
    value = EXAMPLES[topic.name]

    made = rows(client, topic, example(topic), version=None)

    assert made
    for column in BY_TOPIC[topic.name].columns:
        if column.source in value and not isinstance(value[column.source], bytes):
            got = made[0][column.name]
            assert (tuple(got) if isinstance(got, list) else got) == (
                tuple(value[column.source])
                if isinstance(value[column.source], list | tuple)
                else value[column.source]
            ), column.name


def test_a_statement_is_kept_byte_for_byte_under_its_origin(client: Client) -> None:
    rows(client, STATEMENTS, example(STATEMENTS, statement=b'{"a":"\xff\x00"}'), offset=12)

    [row] = client.query(
        "SELECT hex(statement), origin_partition, origin_offset, origin_epoch FROM statements"
    ).result_rows
    assert tuple(row) == (b'{"a":"\xff\x00"}'.hex().upper(), 3, 12, 1)


def test_copies_of_a_voiding_statement_are_not_kept(client: Client) -> None:
    assert rows(client, STATEMENTS, example(STATEMENTS, copy=True)) == []


def test_a_link_is_versioned_by_its_place_whatever_is_stated(client: Client) -> None:
    for offset in (3, 4):
        (row,) = rows(client, LINKS, example(LINKS), offset=offset)
        assert row["version"] == raw(LINKS, b"", offset=offset).version


@pytest.mark.parametrize(("header", "version"), [(b"42", 42), (None, 5)], ids=["stated", "own"])
def test_a_stated_version_goes_before_the_values_own(
    client: Client, header: bytes | None, version: int
) -> None:
    (row,) = rows(client, READINESS, example(READINESS, version=5), version=header)

    assert row["version"] == version


def test_engagement_becomes_a_row_for_each_window(client: Client) -> None:
    made = rows(client, ENGAGEMENT, example(ENGAGEMENT))

    windows = EXAMPLES[ENGAGEMENT.name]["windows"]
    assert sorted((row["window_days"], row["score"]) for row in made) == [
        (window["days"], window["score"]) for window in windows
    ]
    assert {row["deleted"] for row in made} == {0}


def test_a_withdrawn_person_loses_the_row_of_every_window(client: Client) -> None:
    made = rows(client, ENGAGEMENT, None, key=b"someone")

    assert [(row["person_id"], row["window_days"], row["version"], row["deleted"]) for row in made] == [
        ("someone", days, 42, 1) for days in (7, 30, 90, 180)
    ]


@pytest.mark.parametrize(("topic", "part"), [(SKILLS, "skill"), (READINESS, "role")])
def test_a_withdrawn_key_loses_its_row(client: Client, topic: Topic, part: str) -> None:
    (row,) = rows(client, topic, None, key=b"someone|what|ever")

    assert (row["person_id"], row[part], row["version"], row["deleted"]) == ("someone", "what|ever", 42, 1)


def test_a_withdrawal_of_readiness_gets_the_day_of_its_record(client: Client) -> None:
    (row,) = rows(client, READINESS, None)

    assert row["as_of"] == 20_759  # 2026-11-02


@pytest.mark.parametrize(
    ("micros", "kept"),
    [
        (-62_135_596_800_000_000, -2_208_988_800_000_000),
        (253_402_300_799_000_000, 10_413_705_599_999_999),
        (1_793_620_800_123_456, 1_793_620_800_123_456),
    ],
    ids=["year 1", "year 9999", "2026"],
)
def test_times_that_clickhouse_does_not_know_are_moved_to_the_nearest(
    client: Client, micros: int, kept: int
) -> None:
    (row,) = rows(client, STATEMENTS, example(STATEMENTS, received_at=micros))

    assert row["received_at"] == kept


@pytest.mark.parametrize(("days", "kept"), [(-719_162, -25_567), (2_932_896, 120_528), (20_759, 20_759)])
def test_days_that_clickhouse_does_not_know_are_moved_to_the_nearest(
    client: Client, days: int, kept: int
) -> None:
    (row,) = rows(client, LINKS, example(LINKS, valid_from=days, valid_to=None))
    (ended,) = rows(client, LINKS, example(LINKS, valid_from=0, valid_to=days))

    assert (row["valid_from"], row["valid_to"], ended["valid_to"]) == (kept, None, kept)


def test_a_dead_letter_keeps_the_bytes_that_it_is_about(client: Client) -> None:
    rows(client, DEAD_LETTERS, example(DEAD_LETTERS, key=b"\xfe", value=b"\x00\xff"))

    [row] = client.query("SELECT hex(key), hex(value), step FROM dead_letters").result_rows
    assert tuple(row) == ("FE", "00FF", "persona")


DAMAGED = {
    "cut off": example(EVENTS)[:-9],
    "nothing": example(EVENTS)[:5],
    "number too large": example(EVENTS, completions=1_000_003).replace(MARKED, BEYOND_INT),
    "number in a list too large": example(EVENTS, slots=[{"day": 1_000_003, "first": 0, "last": 1}]).replace(
        MARKED, BEYOND_INT
    ),
    "length below zero": example(EVENTS)[:5] + b"\x01",
}


@pytest.mark.parametrize("damaged", DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_record_is_refused_and_costs_the_others_nothing(client: Client, damaged: bytes) -> None:
    table = BY_TOPIC[EVENTS.name]
    values = [example(EVENTS, statement_id="a"), damaged, example(EVENTS, statement_id="b")]
    raws = [raw(EVENTS, value, offset=offset) for offset, value in enumerate(values)]
    client.command("TRUNCATE TABLE learning_events")

    with pytest.raises(DatabaseError) as refusal:
        insert_records(client, table.name, sift(table, raws)[0])
    written, poison = insert_sound(client, table.name, sift(table, raws)[0])

    assert is_row_fault(refusal.value)
    assert (written, [one.raw.offset for one in poison]) == (2, [1])
    kept = client.query("SELECT statement_id FROM learning_events ORDER BY 1").result_columns
    assert list(kept[0]) == ["a", "b"]


def test_a_record_with_bytes_left_over_does_not_move_the_next(client: Client) -> None:
    table = BY_TOPIC[EVENTS.name]
    longer = example(EVENTS, statement_id="a") + example(EVENTS, statement_id="x")[5:]
    raws = [raw(EVENTS, value) for value in (longer, example(EVENTS, statement_id="b"))]
    client.command("TRUNCATE TABLE learning_events")

    insert_records(client, table.name, sift(table, raws)[0])

    kept = client.query("SELECT statement_id FROM learning_events ORDER BY 1").result_columns
    assert list(kept[0]) == ["a", "b"]
