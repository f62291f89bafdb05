"""Records of a topic as one Avro file (Avro 1.12, "Object Container Files"), which ClickHouse reads itself.

Nobody decodes a body here. Before each goes an envelope: where the record lies in the log, its version, and
whether it withdraws its key. The fields of an Avro record follow each other with nothing between them, so
envelope and body together are one record that has the fields of both.

Each record is a block of its own. Blocks say how long they are, so whatever damage has done to one body, the
next one is read from where it begins.
"""

import json
from collections.abc import Iterable
from functools import lru_cache

from schemas import codec
from schemas.avro_schemas import raw_schema
from schemas.avro_writer import make_writer, number
from sinks.records import RawRecord
from sinks.table import Table

ENVELOPE = (
    {"name": "log_partition", "type": "int"},
    {"name": "log_epoch", "type": "int"},
    {"name": "log_offset", "type": "long"},
    {"name": "log_version", "type": "long"},
    {"name": "withdrawn", "type": "boolean"},
)
_MAGIC = b"Obj\x01"
_MARK = b"readystream sink"  # sixteen bytes, which end the head and each block
_text = make_writer("string")
_ONE, _END = number(1), number(0)
_KEPT, _WITHDRAWN = b"\x00", b"\x01"


def pack(table: Table, raws: Iterable[RawRecord]) -> bytes:
    """One file of `raws`, in their order. Raises `CodecError` for a record of another topic."""
    parts = [_head(table.topic.name)]
    for raw in raws:
        log = _log(raw.partition, raw.epoch)
        version = number(table.version_of(raw))
        withdrawn = _KEPT if raw.value is not None else _WITHDRAWN
        record = b"".join((log, number(raw.offset), version, withdrawn, _body(table, raw)))
        parts += (_ONE, number(len(record)), record, _MARK)
    return b"".join(parts)


@lru_cache
def _log(partition: int, epoch: int) -> bytes:
    return number(partition) + number(epoch)


def _body(table: Table, raw: RawRecord) -> bytes:
    value = raw.value
    if value is None:
        value = codec.encode(table.topic, table.withdrawal(raw))
    return codec.body(table.topic, value)


@lru_cache
def _head(topic_name: str) -> bytes:
    schema = raw_schema(topic_name)
    whole = {**schema, "fields": [*ENVELOPE, *schema["fields"]]}
    metadata = {"avro.schema": json.dumps(whole), "avro.codec": "null"}
    entries = b"".join(_text(key) + _text(value) for key, value in metadata.items())
    return _MAGIC + number(len(metadata)) + entries + _END + _MARK
