"""`reconciliation.snapshots` → `reconciliation_snapshots`: cells and manifests, as they were told."""

from schemas.topics import SNAPSHOTS
from sinks.columns import INT, LONG, STRING, WORD, column
from sinks.table import Table

RECONCILIATION_SNAPSHOTS_TABLE = Table(
    SNAPSHOTS,
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
)
