import pytest

from schemas.avro_schemas import raw_schema
from schemas.topics import ENGAGEMENT, STATEMENTS, Topic, by_name
from sinks.insert import type_of
from sinks.table import Table
from sinks.tables import BY_TOPIC
from tests.unit.sinks.records import example, raw

# Fields that are no column: `copy` decides whether there is a row, `windows` becomes rows.
NO_COLUMN = {STATEMENTS.name: {"copy", "edition", "rederives", "digest"}, ENGAGEMENT.name: {"windows"}}
TOPICS = [by_name(name) for name in BY_TOPIC]


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
def test_every_field_of_the_schema_has_a_column(topic: Topic) -> None:
    fields = {field["name"] for field in raw_schema(topic.name)["fields"]}
    sources = {column.source for column in BY_TOPIC[topic.name].columns} | {"version"}

    assert fields - NO_COLUMN.get(topic.name, set()) <= sources


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
def test_lists_are_read_as_the_types_of_their_columns(topic: Topic) -> None:
    types = {column.source: column.type for column in BY_TOPIC[topic.name].columns}
    read = {field["name"]: type_of(field["type"]) for field in raw_schema(topic.name)["fields"]}

    lists = {name: type_ for name, type_ in read.items() if name in types and type_.startswith("Array")}

    assert lists == {name: types[name] for name in lists}


@pytest.mark.parametrize("table", BY_TOPIC.values(), ids=lambda table: table.name)
def test_no_column_is_declared_twice(table: Table) -> None:
    assert len(set(table.column_names)) == len(table.columns)


@pytest.mark.parametrize(
    ("topic", "value", "rows"),
    [
        (STATEMENTS, example(STATEMENTS), 1),
        (STATEMENTS, example(STATEMENTS, copy=True), 0),
        (ENGAGEMENT, example(ENGAGEMENT), 4),
        (ENGAGEMENT, None, 4),
    ],
    ids=["statement", "copy", "engagement", "withdrawal"],
)
def test_a_record_becomes_so_many_rows(topic: Topic, value: bytes | None, rows: int) -> None:
    assert BY_TOPIC[topic.name].rows_of(raw(topic, value)) == rows
