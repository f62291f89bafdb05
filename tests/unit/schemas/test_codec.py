"""The codec: every topic's example survives the way there and back, and damage is told."""

from collections.abc import Iterator

import pytest

from schemas import codec
from schemas.avro_schemas import raw_schema, schema_id, schema_version
from schemas.errors import CodecError
from schemas.examples import EXAMPLES
from schemas.topics import CATALOGUE, EVENTS, STATEMENTS, Topic


@pytest.mark.parametrize("topic", CATALOGUE, ids=lambda topic: topic.name)
def test_example_survives_encoding(topic: Topic) -> None:
    example = EXAMPLES[topic.name]
    assert codec.decode(topic, codec.encode(topic, example)) == example


@pytest.mark.parametrize("topic", CATALOGUE, ids=lambda topic: topic.name)
def test_every_field_is_documented(topic: Topic) -> None:
    fields = raw_schema(topic.name)["fields"]
    assert fields
    assert all(field["doc"] for field in fields)


def test_wire_format_is_confluents() -> None:
    data = codec.encode(STATEMENTS, EXAMPLES[STATEMENTS.name])
    assert data[0] == 0
    assert int.from_bytes(data[1:5], "big") == schema_id(raw_schema(STATEMENTS.name))


def test_schema_ids_differ_and_fit_31_bits() -> None:
    ids = {schema_id(raw_schema(topic.name)) for topic in CATALOGUE}
    assert len(ids) == len(CATALOGUE)
    assert all(0 <= number < 2**31 for number in ids)


@pytest.mark.parametrize("data", [b"", b"\x00\x00", b"{}", b"\x01\x00\x00\x00\x01abc"])
def test_other_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(CodecError, match="wire format"):
        codec.decode(STATEMENTS, data)


def test_record_of_another_topic_is_named() -> None:
    data = codec.encode(EVENTS, EXAMPLES[EVENTS.name])
    with pytest.raises(CodecError, match=EVENTS.name):
        codec.decode(STATEMENTS, data)


def test_damaged_body_is_refused() -> None:
    data = codec.encode(STATEMENTS, EXAMPLES[STATEMENTS.name])
    with pytest.raises(CodecError, match="damaged"):
        codec.decode(STATEMENTS, data[:20])


def test_value_that_does_not_fit_is_refused() -> None:
    with pytest.raises(CodecError, match="does not fit"):
        codec.encode(STATEMENTS, {**EXAMPLES[STATEMENTS.name], "received_at": "yesterday"})


@pytest.fixture
def _own_ids() -> Iterator[None]:
    yield
    codec.adopt({})


@pytest.mark.usefixtures("_own_ids")
def test_ids_of_a_registry_are_written_and_both_are_read() -> None:
    example = EXAMPLES[EVENTS.name]
    before = codec.encode(EVENTS, example)
    codec.adopt({EVENTS.name: {schema_version(EVENTS.name): 7}})
    after = codec.encode(EVENTS, example)
    assert after[:5] == b"\x00\x00\x00\x00\x07"
    assert after[5:] == before[5:]
    assert codec.decode(EVENTS, before) == codec.decode(EVENTS, after) == example
    with pytest.raises(CodecError, match=r"schema id 7 \(learning.events\)"):
        codec.decode(STATEMENTS, after)


def test_a_statements_id_can_be_told_without_decoding() -> None:
    example = EXAMPLES[STATEMENTS.name]
    data = codec.encode(STATEMENTS, example)
    assert codec.peek_statement_id(data) == example["statement_id"]
    assert codec.peek_statement_id(data[:41]) is None
    assert codec.peek_statement_id(b"\x01" + data[1:]) is None
    assert codec.peek_statement_id(codec.encode(STATEMENTS, {**example, "statement_id": "x" * 36})) is None
    assert codec.peek_statement_id(b"") is None
