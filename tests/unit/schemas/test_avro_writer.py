"""The Avro writer: fastavro's bytes for whatever a schema can hold, and no bytes for what does not fit."""

from collections.abc import Mapping
from io import BytesIO
from typing import Any

import pytest
from fastavro import parse_schema, schemaless_reader, schemaless_writer
from hypothesis import given
from hypothesis import strategies as st

from schemas import codec
from schemas.avro_schemas import raw_schema
from schemas.avro_writer import make_writer
from schemas.errors import CodecError
from schemas.examples import EXAMPLES
from schemas.topics import CATALOGUE, ENGAGEMENT, LINKS, PERSONA_STATE, STATEMENTS, Topic

LONG = st.integers(-(2**63), 2**63 - 1)
PRIMITIVES: Mapping[str, st.SearchStrategy[Any]] = {
    "boolean": st.booleans(),
    "bytes": st.binary(max_size=20_000),
    "double": st.floats(allow_nan=False),
    "int": st.integers(-(2**31), 2**31 - 1),
    "long": LONG | st.integers(-200, 200) | st.integers(0, 2**53),
    "null": st.none(),
    "string": st.text(st.characters(exclude_categories=["Cs"])),
}


def values(schema: Any) -> st.SearchStrategy[Any]:
    """Whatever fits a parsed schema."""
    if isinstance(schema, list):
        return st.one_of([_branch(branch) for branch in schema])
    if isinstance(schema, str):
        return PRIMITIVES[schema]
    match schema["type"]:
        case "record":
            return st.fixed_dictionaries({field["name"]: values(field["type"]) for field in schema["fields"]})
        case "array":
            return st.lists(values(schema["items"]), max_size=3)
        case "enum":
            return st.sampled_from(schema["symbols"])
        case primitive:
            return PRIMITIVES[primitive]


def _branch(schema: Any) -> st.SearchStrategy[Any]:
    is_record = isinstance(schema, dict) and schema["type"] == "record"
    return st.tuples(st.just(schema["name"]), values(schema)) if is_record else values(schema)


def parsed(topic: Topic) -> Any:
    return parse_schema(raw_schema(topic.name), named_schemas={})


def written(schema: Any, value: Any) -> bytes:
    return make_writer(schema)(value)


def written_by_fastavro(schema: Any, value: Any) -> bytes:
    out = BytesIO()
    schemaless_writer(out, schema, value)
    return out.getvalue()


@pytest.mark.parametrize("topic", CATALOGUE, ids=lambda topic: topic.name)
@given(st.data())
def test_the_bytes_are_those_of_fastavro(topic: Topic, data: st.DataObject) -> None:
    schema = parsed(topic)
    value = data.draw(values(schema))
    assert written(schema, value) == written_by_fastavro(schema, value)


@given(LONG)
def test_every_number_of_64_bits_survives(number: int) -> None:
    assert schemaless_reader(BytesIO(written("long", number)), parse_schema("long"), None) == number


def test_a_field_left_out_has_its_default() -> None:
    link = {name: value for name, value in EXAMPLES[LINKS.name].items() if name not in {"reason", "valid_to"}}
    decoded = codec.decode(LINKS, codec.encode(LINKS, link))
    assert decoded == {**link, "reason": "", "valid_to": None}


def test_the_fields_tell_which_record_of_a_union_it_is() -> None:
    schema, example = parsed(PERSONA_STATE), EXAMPLES[PERSONA_STATE.name]
    named = {**example, "cell": ("readystream.DayCell", example["cell"])}
    assert written(schema, example) == written(schema, named)


@pytest.mark.parametrize(
    ("topic", "changes"),
    [
        (STATEMENTS, {"received_at": "yesterday"}),
        (STATEMENTS, {"received_at": 1.5}),
        (STATEMENTS, {"received_at": 2**63}),
        (STATEMENTS, {"received_at": -(2**63) - 1}),
        (STATEMENTS, {"received_at": None}),
        (STATEMENTS, {"source": 1}),
        (STATEMENTS, {"source": b"http"}),
        (STATEMENTS, {"statement": "{}"}),
        (STATEMENTS, {"statement": [1, 2]}),
        (LINKS, {"confidence": "high"}),
        (LINKS, {"action": "divorce"}),
        (ENGAGEMENT, {"windows": 7}),
        (PERSONA_STATE, {"cell": {"day": 1}}),
        (PERSONA_STATE, {"cell": ("readystream.NoCell", {})}),
    ],
)
def test_what_does_not_fit_is_refused(topic: Topic, changes: Mapping[str, Any]) -> None:
    with pytest.raises(CodecError, match="does not fit"):
        codec.encode(topic, {**EXAMPLES[topic.name], **changes})


def test_a_missing_field_is_refused() -> None:
    with pytest.raises(CodecError, match="does not fit"):
        codec.encode(STATEMENTS, {})
