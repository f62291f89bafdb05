"""`reconciliation.snapshots` → `reconciliation_snapshots`: cells and manifests, as they were told."""

from collections.abc import Iterable

from sinks.columns import INT, LONG, STRING, WORD, column
from sinks.records import Record
from sinks.table import Fields, Table


def _fields(record: Record) -> Iterable[Fields]:
    return (record.value or {},)


RECONCILIATION_SNAPSHOTS_TABLE = Table(
    "reconciliation_snapshots",
    (
        column("epoch", INT),
        column("partition", INT),
        column("offset", LONG),
        column("previous_offset", LONG),
        column("kind", WORD),
        column("cell", STRING),
        column("content", STRING),
        column("rows", LONG),
        column("checksum", STRING),
        column("days_since", INT),
        column("evidence_since", INT),
    ),
    _fields,
)
