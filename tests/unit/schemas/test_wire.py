"""Records of an earlier schema are read as the present one has them."""

from typing import Any

import pytest

from schemas.errors import CodecError
from schemas.wire import WireFormat, wire_format, written_with

OLD, NEW = 11, 12


def _schema(*fields: dict[str, Any]) -> dict[str, Any]:
    return {"type": "record", "name": "Thing", "namespace": "test", "fields": list(fields)}


FIRST = _schema({"name": "a", "type": "string"})
GROWN = _schema({"name": "b", "type": ["null", "long"], "default": None}, {"name": "a", "type": "string"})


def _written(form: WireFormat, value: dict[str, Any]) -> bytes:
    return form.prefix + form.write(value)


def test_what_an_older_schema_wrote_has_the_defaults_of_new_fields() -> None:
    old = wire_format(FIRST, OLD, {OLD: FIRST})
    new = wire_format(GROWN, NEW, {OLD: FIRST, NEW: GROWN})
    assert new.read(_written(old, {"a": "x"})) == {"a": "x", "b": None}
    assert new.read(_written(new, {"a": "x", "b": 3})) == {"a": "x", "b": 3}


def test_the_same_schema_under_another_id_is_read() -> None:
    one, other = wire_format(FIRST, OLD, {OLD: FIRST, NEW: FIRST}), wire_format(FIRST, NEW, {NEW: FIRST})
    assert one.read(_written(other, {"a": "x"})) == {"a": "x"}


def test_a_record_becomes_what_the_present_schema_writes() -> None:
    old = wire_format(FIRST, OLD, {OLD: FIRST})
    new = wire_format(GROWN, NEW, {OLD: FIRST, NEW: GROWN})
    assert new.current(_written(old, {"a": "x"})) == _written(new, {"a": "x", "b": None})
    assert new.current(_written(new, {"a": "x", "b": 3})) == _written(new, {"a": "x", "b": 3})
    with pytest.raises(CodecError, match="schema id 12"):
        old.current(_written(new, {"a": "x", "b": 3}))


def test_what_a_later_release_wrote_is_refused_by_its_id() -> None:
    later = wire_format(GROWN, NEW, {NEW: GROWN})
    with pytest.raises(CodecError, match="schema id 12"):
        wire_format(FIRST, OLD, {OLD: FIRST}).read(_written(later, {"a": "x", "b": 3}))


def test_a_damaged_older_record_is_refused() -> None:
    new = wire_format(GROWN, NEW, {OLD: FIRST, NEW: GROWN})
    with pytest.raises(CodecError, match="damaged"):
        new.read(b"\x00\x00\x00\x00\x0b\x08abc")


@pytest.mark.parametrize("data", [b"", b"\x00\x00\x00\x00", b"\x01\x00\x00\x00\x01"])
def test_other_bytes_name_no_schema(data: bytes) -> None:
    assert written_with(data) is None
