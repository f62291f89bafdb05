"""Records turned into columns, and those that cannot be, told apart: no I/O."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from schemas.topics import Topic
from sinks.records import RawRecord, Record, Refused, decode
from sinks.table import Columns, Table


@dataclass(frozen=True, slots=True)
class RefusedRecord:
    """A record that is to be a dead letter."""

    raw: RawRecord
    why: Refused


@dataclass(frozen=True, slots=True)
class Converted:
    """What records became: values for the table's columns, and dead letters."""

    columns: Columns
    refused: list[RefusedRecord]


def convert(topic: Topic, table: Table, raws: Iterable[RawRecord]) -> Converted:
    """Turn records of `topic` into columns of `table`, in their order."""
    records: list[Record] = []
    refused: list[RefusedRecord] = []
    for raw in raws:
        record = decode(topic, raw)
        if isinstance(record, Refused):
            refused.append(RefusedRecord(raw, record))
        else:
            records.append(record)
    try:
        return Converted(table.columns_of(records), refused)
    except ValueError:
        return _one_by_one(table, records, refused)


def _one_by_one(table: Table, records: Sequence[Record], refused: list[RefusedRecord]) -> Converted:
    fitting = []
    for record in records:
        try:
            table.columns_of([record])
            fitting.append(record)
        except ValueError as error:
            refused.append(RefusedRecord(record.raw, Refused("out_of_range", str(error))))
    return Converted(table.columns_of(fitting), refused)
