"""Records on their way into a file, and those that cannot become rows told apart: no I/O.

What is wrong inside a body shows only when ClickHouse reads it: see `sinks.poison`.
"""

from collections.abc import Iterable

from schemas import codec
from schemas.errors import CodecError
from sinks.container import Pack, envelope
from sinks.records import RawRecord, Refused, RefusedRecord
from sinks.table import Table


def sift(table: Table, raws: Iterable[RawRecord]) -> tuple[Pack, list[RefusedRecord]]:
    """Those that can become rows of `table`, packed, and those that cannot."""
    sound, refused = Pack(table), []
    for raw in raws:
        why = put(sound, raw)
        if why is not None:
            refused.append(RefusedRecord(raw, why))
    return sound, refused


def put(pack: Pack, raw: RawRecord) -> Refused | None:
    """Put a record into `pack`; what is wrong if that cannot be, as far as shows outside its body."""
    table = pack.table
    try:
        raw.key.decode()
        value = raw.value if raw.value is None else codec.current(table.topic, raw.value)
    except (CodecError, UnicodeDecodeError) as error:
        return Refused("undecodable", str(error))
    try:
        version = raw.stated_version
    except ValueError as error:
        return Refused("no_version", str(error))
    if value is None:
        if not table.has_withdrawals:
            return Refused("empty", f"{table.topic.name} has no tombstones")
        if version is None:
            return Refused("no_version", "a tombstone states its version in a header")
        value = codec.encode(table.topic, table.withdrawal(raw))
    if version is None:
        version = table.unstated_version(raw)
    pack.add(raw, envelope(raw, version), value)
    return None
