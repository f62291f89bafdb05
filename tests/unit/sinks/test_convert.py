from schemas.topics import EVENTS
from sinks.convert import convert
from sinks.tables import BY_TOPIC
from tests.unit.sinks.records import example, raw

TABLE = BY_TOPIC[EVENTS.name]
IDS = TABLE.column_names.index("statement_id")
MARKED = bytes.fromhex("86897a")  # 1 000 003, zigzag and base 128
BEYOND_INT = b"\x80\x80\x80\x80\x80\x01"  # an Avro int of 2^34, as damage makes it


def test_one_damaged_record_does_not_cost_the_others_theirs() -> None:
    damaged = example(EVENTS, completions=1_000_003).replace(MARKED, BEYOND_INT)
    values = [example(EVENTS, statement_id="a"), damaged, b"junk", example(EVENTS, statement_id="b")]
    raws = [raw(EVENTS, value, offset=offset) for offset, value in enumerate(values)]

    converted = convert(EVENTS, TABLE, raws)

    assert converted.columns[IDS] == ["a", "b"]
    assert {one.raw.offset: one.why.reason for one in converted.refused} == {
        1: "out_of_range",
        2: "undecodable",
    }
    assert {len(column) for column in converted.columns} == {2}


def test_no_records_are_empty_columns() -> None:
    assert convert(EVENTS, TABLE, []).columns == [[] for _ in TABLE.columns]
