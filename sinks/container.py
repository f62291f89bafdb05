"""Records of a topic as one Avro file (Avro 1.12, "Object Container Files"), which ClickHouse reads itself.

Nobody decodes a body here. Before each goes an envelope: where the record lies in the log, its version, and
whether it withdraws its key. The fields of an Avro record follow each other with nothing between them, so
envelope and value together are one record that has the fields of both. What stands before a body in Kafka
(`schemas.wire`) is one of its fields, too, which nobody asks for: so the bytes of values go as they are.

Each record is a block of its own. Blocks say how long they are, so whatever damage has done to one body, the
next one is read from where it begins.
"""

import json
from collections.abc import Sequence
from functools import lru_cache
from typing import overload

from schemas.avro_schemas import raw_schema
from schemas.avro_writer import make_writer, number
from schemas.wire import PREFIX_BYTES
from sinks.records import RawRecord
from sinks.table import Table

ENVELOPE = (
    {"name": "log_partition", "type": "int"},
    {"name": "log_epoch", "type": "int"},
    {"name": "log_offset", "type": "long"},
    {"name": "log_version", "type": "long"},
    {"name": "withdrawn", "type": "boolean"},
)
_WIRE = {"name": "wire", "type": {"type": "fixed", "name": "wire_prefix", "size": PREFIX_BYTES}}
_MAGIC = b"Obj\x01"
_MARK = b"readystream sink"  # sixteen bytes, which end the head and each block
_text = make_writer("string")
_END = number(0)
_NEXT = _MARK + number(1)  # ends what comes before, and begins a block of one record
_KEPT, _WITHDRAWN = b"\x00", b"\x01"


class Pack(Sequence[RawRecord]):
    """Records of one topic, and the bytes of each in a file: those before its value, and its value."""

    __slots__ = ("_parts", "_raws", "table")

    def __init__(self, table: Table, raws: Sequence[RawRecord] = (), parts: Sequence[bytes] = ()) -> None:
        self.table = table
        self._raws = list(raws)
        self._parts = list(parts)

    def __len__(self) -> int:
        return len(self._raws)

    @overload
    def __getitem__(self, place: int) -> RawRecord: ...

    @overload
    def __getitem__(self, place: slice) -> "Pack": ...

    def __getitem__(self, place: int | slice) -> "RawRecord | Pack":
        """A record, or a run of them (a slice without a step)."""
        if isinstance(place, int):
            return self._raws[place]
        start, stop, _ = place.indices(len(self))
        return Pack(self.table, self._raws[start:stop], self._parts[2 * start : 2 * stop])

    def add(self, raw: RawRecord, envelope: bytes, value: bytes) -> None:
        """Take a record, with its envelope and its value as this release writes it."""
        self._raws.append(raw)
        self._parts += (_NEXT + number(len(envelope) + len(value)) + envelope, value)

    def extend(self, more: "Pack") -> None:
        """Take the records of another one, after those here."""
        self._raws += more._raws  # noqa: SLF001 - of its own kind
        self._parts += more._parts  # noqa: SLF001

    def without(self, offsets: set[int]) -> "Pack":
        """The others than those at these offsets."""
        kept = [place for place, raw in enumerate(self._raws) if raw.offset not in offsets]
        parts = [part for place in kept for part in self._parts[2 * place : 2 * place + 2]]
        return Pack(self.table, [self._raws[place] for place in kept], parts)

    def file(self) -> bytes:
        """One file of all records, in their order."""
        return b"".join((_head(self.table.topic.name), *self._parts, _MARK))


def envelope(raw: RawRecord, version: int) -> bytes:
    """The envelope of a record."""
    place = _log(raw.partition, raw.epoch) + number(raw.offset)
    return place + number(version) + (_KEPT if raw.value is not None else _WITHDRAWN)


@lru_cache
def _log(partition: int, epoch: int) -> bytes:
    return number(partition) + number(epoch)


@lru_cache
def _head(topic_name: str) -> bytes:
    """All that stands before the mark that ends the head."""
    schema = raw_schema(topic_name)
    whole = {**schema, "fields": [*ENVELOPE, _WIRE, *schema["fields"]]}
    metadata = {"avro.schema": json.dumps(whole), "avro.codec": "null"}
    entries = b"".join(_text(key) + _text(value) for key, value in metadata.items())
    return _MAGIC + number(len(metadata)) + entries + _END
