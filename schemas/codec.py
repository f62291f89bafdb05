"""Values of the topics as bytes: Avro in the Confluent wire format (`schemas.wire`).

The ids come from a local, deterministic registry: the first 31 bits of the SHA-256 of the schema's
canonical form. Every process and every release computes the same id for the same schema, with nobody to
ask. Where there is a registry server, a process takes its ids over when it starts (`adopt`).
"""

import re
import struct
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from schemas.avro_schemas import known, raw_schema, schema_id
from schemas.errors import CodecError
from schemas.topics import CATALOGUE, Topic
from schemas.wire import WireFormat, wire_format, written_with

_given: dict[str, Mapping[str, int]] = {}
"""The ids of a registry server: topic → version of the schema → id."""

_STATEMENT_ID = re.compile(rb"\0.{4}\x48([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})", re.DOTALL)
"""A UUID as the first field, in any schema: 48 is Avro's long for its 36 characters."""


def adopt(ids: Mapping[str, Mapping[str, int]]) -> None:
    """Write with these ids (topic → version of the schema → id); read by them and by the local ones.

    For the start of a process. Topics that are not named keep their local ids.
    """
    _given.clear()
    _given.update(ids)
    _format.cache_clear()
    _names_by_id.cache_clear()


def encode(topic: Topic, value: Mapping[str, Any]) -> bytes:
    """Encode `value` as a record of `topic`. Raises `CodecError` if it does not fit the schema."""
    form = _format(topic.name)
    try:
        return form.prefix + form.write(value)
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, struct.error) as error:
        raise CodecError(f"{topic.name}: value does not fit the schema: {error}") from error


def decode(topic: Topic, data: bytes) -> dict[str, Any]:
    """Decode a record of `topic`, of this or an earlier release. Raises `CodecError` for anything else."""
    try:
        return _format(topic.name).read(data)
    except CodecError as error:
        raise CodecError(f"{topic.name}: {error}{_of_another(topic, data)}") from error


def current(topic: Topic, data: bytes) -> bytes:
    """A record of `topic` as this release writes it, if under another id. Raises `CodecError` for others."""
    form = _format(topic.name)
    if data.startswith(form.prefix):
        return data
    try:
        return form.current(data)
    except CodecError as error:
        raise CodecError(f"{topic.name}: {error}{_of_another(topic, data)}") from error


@lru_cache
def _format(topic_name: str) -> WireFormat:
    current = raw_schema(topic_name)
    ids = _ids(topic_name)
    written_as = _given.get(topic_name, {}).get(current["version"], schema_id(current))
    return wire_format(current, written_as, ids)


def _ids(topic_name: str) -> dict[int, Any]:
    """Every id that may stand before a value of the topic, with its schema."""
    schemas, given = known(topic_name), _given.get(topic_name, {})
    local = {schema_id(schema): schema for schema in schemas.values()}
    return local | {given[version]: schema for version, schema in schemas.items() if version in given}


@lru_cache
def _names_by_id() -> dict[int, str]:
    return {number: topic.name for topic in CATALOGUE for number in _ids(topic.name)}


def _of_another(topic: Topic, data: bytes) -> str:
    """Which topic's schema a record was written with, where that is known and not its own."""
    name = _names_by_id().get(written_with(data) or -1, topic.name)
    return "" if name == topic.name else f" ({name})"


def peek_statement_id(data: bytes) -> str | None:
    """The id in a record of `xapi.statements`, the rest left alone; None if it does not begin with one."""
    match = _STATEMENT_ID.match(data)
    return None if match is None else match[1].decode()
