from typing import Any

import pytest

from schemas.avro_schemas import raw_schema
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
from sinks.table import Table
from sinks.tables import BY_TOPIC
from tests.unit.sinks.records import decoded, example

# Fields that are no column: `copy` decides whether there is a row, `windows` becomes rows.
NO_COLUMN = {STATEMENTS.name: {"copy", "edition", "rederives", "digest"}, ENGAGEMENT.name: {"windows"}}
TOPICS = [by_name(name) for name in BY_TOPIC]
BEYOND_INT = b"\x80\x80\x80\x80\x80\x01"  # an Avro int of 2^34, as damage makes it


def rows(topic: Topic, value: bytes | None, **coordinates: Any) -> list[dict[str, Any]]:
    """The rows of one record, by column name."""
    table = BY_TOPIC[topic.name]
    columns = table.columns_of([decoded(topic, value, **coordinates)])
    return [dict(zip(table.column_names, row, strict=True)) for row in zip(*columns, strict=True)]


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
def test_every_field_of_the_schema_has_a_column(topic: Topic) -> None:
    fields = {field["name"] for field in raw_schema(topic.name)["fields"]}
    sources = {column.source for column in BY_TOPIC[topic.name].columns}

    assert fields - NO_COLUMN.get(topic.name, set()) <= sources


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
def test_lists_of_records_have_the_parts_of_the_schema_in_its_order(topic: Topic) -> None:
    types = {column.source: column.type for column in BY_TOPIC[topic.name].columns}
    nested = [
        field
        for field in raw_schema(topic.name)["fields"]
        if isinstance(field["type"], dict)
        and isinstance(field["type"].get("items"), dict)
        and field["name"] in types
    ]
    for field in nested:
        parts = types[field["name"]].removeprefix("Array(Tuple(").removesuffix("))").split(", ")
        assert [part.split()[0] for part in parts] == [
            part["name"] for part in field["type"]["items"]["fields"]
        ]


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
def test_the_example_becomes_rows_with_its_own_values(topic: Topic) -> None:
    value = EXAMPLES[topic.name]
    table = BY_TOPIC[topic.name]

    made = rows(topic, example(topic), version=None)

    assert made
    for column in table.columns:
        if column.source in value and column.name not in {"version"}:
            assert made[0][column.name] == value[column.source], column.name


def test_a_statement_is_kept_byte_for_byte_under_its_origin() -> None:
    (row,) = rows(STATEMENTS, example(STATEMENTS, statement=b'{"a":"\xff\x00"}'), offset=12)

    assert row["statement"] == b'{"a":"\xff\x00"}'
    assert (row["origin_partition"], row["origin_offset"], row["origin_epoch"]) == (3, 12, 1)


def test_copies_of_a_voiding_statement_are_not_kept() -> None:
    assert rows(STATEMENTS, example(STATEMENTS, copy=True)) == []


def test_a_link_is_versioned_by_its_origin() -> None:
    first, second = (rows(LINKS, example(LINKS), offset=offset)[0] for offset in (3, 4))

    assert second["version"] == first["version"] + 1


def test_engagement_becomes_a_row_for_each_window() -> None:
    made = rows(ENGAGEMENT, example(ENGAGEMENT))

    assert [row["window_days"] for row in made] == [7, 30, 90, 180]
    assert {row["deleted"] for row in made} == {0}
    assert [row["score"] for row in made] == [
        window["score"] for window in EXAMPLES[ENGAGEMENT.name]["windows"]
    ]


def test_a_withdrawn_person_loses_the_row_of_every_window() -> None:
    made = rows(ENGAGEMENT, None, key=b"someone")

    assert [(row["person_id"], row["window_days"], row["version"], row["deleted"]) for row in made] == [
        ("someone", days, 42, 1) for days in (7, 30, 90, 180)
    ]


@pytest.mark.parametrize(("topic", "part"), [(SKILLS, "skill"), (READINESS, "role")])
def test_a_withdrawn_key_loses_its_row(topic: Topic, part: str) -> None:
    (row,) = rows(topic, None, key=b"someone|what|ever")

    assert (row["person_id"], row[part], row["version"], row["deleted"]) == ("someone", "what|ever", 42, 1)


def test_a_withdrawal_of_readiness_gets_the_day_of_its_record() -> None:
    (row,) = rows(READINESS, None)

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
def test_times_that_clickhouse_does_not_know_are_moved_to_the_nearest(micros: int, kept: int) -> None:
    (row,) = rows(EVENTS, example(EVENTS, event_time=micros))

    assert row["event_time"] == kept


@pytest.mark.parametrize(("days", "kept"), [(-719_162, -25_567), (2_932_896, 120_528), (20_759, 20_759)])
def test_days_that_clickhouse_does_not_know_are_moved_to_the_nearest(days: int, kept: int) -> None:
    (row,) = rows(LINKS, example(LINKS, valid_from=days, valid_to=None))

    assert (row["valid_from"], row["valid_to"]) == (kept, None)


@pytest.mark.parametrize(
    ("topic", "damaged"),
    [
        (EVENTS, {"completions": 1_000_003}),
        (EVENTS, {"slots": [{"day": 1_000_003, "first": 0, "last": 1}]}),
        (SKILLS, {"evidence_count": 1_000_003}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_an_integer_that_damage_made_too_large_is_refused(topic: Topic, damaged: dict[str, Any]) -> None:
    marked = bytes.fromhex("8689 7a".replace(" ", ""))  # 1 000 003, zigzag and base 128
    value = example(topic, **damaged)
    assert value.count(marked) == 1

    with pytest.raises(ValueError, match="does not fit in 32 bits"):
        BY_TOPIC[topic.name].columns_of([decoded(topic, value.replace(marked, BEYOND_INT))])


def test_a_dead_letter_keeps_the_bytes_that_it_is_about() -> None:
    (row,) = rows(DEAD_LETTERS, example(DEAD_LETTERS, key=b"\xfe", value=b"\x00\xff"))

    assert (row["key"], row["value"], row["step"]) == (b"\xfe", b"\x00\xff", "persona")


@pytest.mark.parametrize("table", BY_TOPIC.values(), ids=lambda table: table.name)
def test_no_column_is_declared_twice(table: Table) -> None:
    assert len(set(table.column_names)) == len(table.columns)
