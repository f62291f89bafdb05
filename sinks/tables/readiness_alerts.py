"""`scores.alerts` → `readiness_alerts`: one row per crossing of the candidate score."""

from collections.abc import Iterable

from sinks.columns import DAY, FLOAT, STRING, VERSION, WORD, column
from sinks.records import Record
from sinks.table import Fields, Table


def _fields(record: Record) -> Iterable[Fields]:
    return ({**(record.value or {}), "version": record.version},)


READINESS_ALERTS_TABLE = Table(
    "readiness_alerts",
    (
        column("alert_id", STRING),
        column("person_id", STRING),
        column("role", WORD),
        column("score", FLOAT),
        column("status", WORD),
        column("confidence", FLOAT),
        column("profile", WORD),
        column("as_of", DAY),
        column("version", VERSION),
        column("correlation_id", STRING),
    ),
    _fields,
)
