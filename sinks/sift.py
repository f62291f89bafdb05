"""Records that cannot become rows, told apart before anything is made of them: no I/O.

What is wrong inside a body shows only when ClickHouse reads it: see `sinks.poison`.
"""

from collections.abc import Iterable

from schemas import codec
from schemas.errors import CodecError
from sinks.records import RawRecord, Refused, RefusedRecord
from sinks.table import Table


def sift(table: Table, raws: Iterable[RawRecord]) -> tuple[list[RawRecord], list[RefusedRecord]]:
    """Those that can become rows of `table`, and those that cannot."""
    sound, refused = [], []
    for raw in raws:
        why = fault(table, raw)
        if why is None:
            sound.append(raw)
        else:
            refused.append(RefusedRecord(raw, why))
    return sound, refused


def fault(table: Table, raw: RawRecord) -> Refused | None:
    """What is wrong with a record, as far as can be told from outside its body."""
    try:
        raw.key.decode()
        if raw.value is not None:
            codec.body(table.topic, raw.value)
    except (CodecError, UnicodeDecodeError) as error:
        return Refused("undecodable", str(error))
    try:
        version = raw.stated_version
    except ValueError as error:
        return Refused("no_version", str(error))
    if raw.value is None and not table.has_withdrawals:
        return Refused("empty", f"{table.topic.name} has no tombstones")
    if raw.value is None and version is None:
        return Refused("no_version", "a tombstone states its version in a header")
    return None
