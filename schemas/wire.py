"""The Confluent wire format: a zero byte, the id of the schema in four bytes, the Avro body."""

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from fastavro import parse_schema, schemaless_reader
from fastavro.schema import to_parsing_canonical_form

from schemas.avro_schemas import Schema
from schemas.avro_writer import Write, make_writer
from schemas.errors import CodecError

_PREFIX = struct.Struct(">bI")
_MAGIC = 0
PREFIX_BYTES = _PREFIX.size


@dataclass(frozen=True, slots=True)
class WireFormat:
    """How values of a topic lie in a record: after `prefix`, by `schema`, as `write` puts them.

    `others` are the schemas behind other prefixes that stand before values of the topic: those of earlier
    releases, and this one under another id. What they wrote is read as `schema` has it (Avro 1.12 "Schema
    Resolution"): fields that they lack have their defaults.
    """

    prefix: bytes
    schema: Any
    write: Write
    others: Mapping[bytes, Any]

    def read(self, data: bytes) -> dict[str, Any]:
        """The value in `data`. Raises `CodecError`."""
        written_by = self._written_by(data)
        return _record(data, written_by, None if written_by is self.schema else self.schema)

    def current(self, data: bytes) -> bytes:
        """The record as `schema` has it: just as it is, where that wrote it. The prefix may be another.

        Raises `CodecError`; what is wrong inside the body may pass.
        """
        if self._written_by(data) is self.schema:
            return data
        return self.prefix + self.write(self.read(data))

    def _written_by(self, data: bytes) -> Any:
        if data.startswith(self.prefix):
            return self.schema
        written_by = self.others.get(data[: _PREFIX.size])
        if written_by is None:
            raise CodecError(_mismatch(data))
        return written_by


def wire_format(schema: Schema, written_as: int, others: Mapping[int, Schema]) -> WireFormat:
    """The format of values of `schema`, which is written under the id `written_as`; `others` by their ids."""
    parsed = parse_schema(schema, named_schemas={})
    prefixes = {
        _PREFIX.pack(_MAGIC, number): parsed
        if _same(other, schema)
        else parse_schema(other, named_schemas={})
        for number, other in others.items()
    }
    return WireFormat(_PREFIX.pack(_MAGIC, written_as), parsed, make_writer(parsed), prefixes)


def written_with(data: bytes) -> int | None:
    """The id of the schema that a record was written with; None where it is in another format."""
    if len(data) < _PREFIX.size or data[0] != _MAGIC:
        return None
    return int(_PREFIX.unpack_from(data)[1])


def _same(one: Schema, other: Schema) -> bool:
    return bool(to_parsing_canonical_form(one) == to_parsing_canonical_form(other))


def _record(data: bytes, written_by: Any, read_as: Any) -> dict[str, Any]:
    body = BytesIO(data)
    body.seek(_PREFIX.size)
    try:
        value = schemaless_reader(body, written_by, read_as)
    except Exception as error:  # the C reader raises whatever the damaged bytes lead it to
        raise CodecError(f"damaged Avro body: {error!r}") from error
    if not isinstance(value, dict):
        raise CodecError(f"record is a {type(value).__name__}")
    return value


def _mismatch(data: bytes) -> str:
    """Why a record is none of its topic."""
    number = written_with(data)
    if number is None:
        return f"{len(data)} bytes are not in the Confluent wire format"
    return f"record was written with schema id {number}"
