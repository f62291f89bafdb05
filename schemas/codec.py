"""Avro values in the Confluent wire format: a zero byte, a four-byte schema id, the Avro body.

The ids come from a local, deterministic registry: the first 31 bits of the SHA-256 of the schema's
canonical form. Every process and every release computes the same id for the same schema, with nobody to
ask; a registry server hands out ids of its own behind the same two functions.
"""

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from typing import Any

from fastavro import parse_schema, schemaless_reader

from schemas.avro_schemas import raw_schema, schema_id
from schemas.avro_writer import Write, make_writer
from schemas.errors import CodecError
from schemas.topics import CATALOGUE, Topic

_HEADER = struct.Struct(">bI")
_MAGIC = 0


@lru_cache
def _names_by_id() -> dict[int, str]:
    return {schema_id(topic.name): topic.name for topic in CATALOGUE}


@dataclass(frozen=True, slots=True)
class _Format:
    """How values of a topic lie in a record: after `prefix`, by `schema`, as `write` puts them."""

    prefix: bytes
    schema: Any
    write: Write


@lru_cache
def _format(topic_name: str) -> _Format:
    schema = parse_schema(raw_schema(topic_name), named_schemas={})
    return _Format(_HEADER.pack(_MAGIC, schema_id(topic_name)), schema, make_writer(schema))


def encode(topic: Topic, value: Mapping[str, Any]) -> bytes:
    """Encode `value` as a record of `topic`. Raises `CodecError` if it does not fit the schema."""
    form = _format(topic.name)
    try:
        return form.prefix + form.write(value)
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, struct.error) as error:
        raise CodecError(f"{topic.name}: value does not fit the schema: {error}") from error


def decode(topic: Topic, data: bytes) -> dict[str, Any]:
    """Decode a record of `topic`. Raises `CodecError` for anything else."""
    form = _format(topic.name)
    if not data.startswith(form.prefix):
        raise CodecError(f"{topic.name}: {_mismatch(data)}")
    body = BytesIO(data)
    body.seek(_HEADER.size)
    try:
        value = schemaless_reader(body, form.schema, None)
    except Exception as error:  # the C reader raises whatever the damaged bytes lead it to
        raise CodecError(f"{topic.name}: damaged Avro body: {error!r}") from error
    if not isinstance(value, dict):
        raise CodecError(f"{topic.name}: record is a {type(value).__name__}")
    return value


def _mismatch(data: bytes) -> str:
    """Why a record is none of its topic."""
    if len(data) < _HEADER.size or data[0] != _MAGIC:
        return f"{len(data)} bytes are not in the Confluent wire format"
    written_with = _HEADER.unpack_from(data)[1]
    known = _names_by_id().get(written_with, "an unknown schema")
    return f"record was written with schema id {written_with} ({known})"
