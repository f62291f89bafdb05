"""`scores.readiness` → `readiness`: every update; ClickHouse carries the latest to `readiness_current`.

A withdrawal has no day of its own, so it gets that of its record in the log.
"""

from collections.abc import Iterable

from sinks.columns import BOOL, DAY, FLAG, FLOAT, SCORE, STRING, STRINGS, VERSION, WORD, column, records
from sinks.records import Record
from sinks.table import UPSERTS_PATIENCE, Fields, Table, split_key
from sinks.tables.skill_levels import TOP_EVIDENCE

_DAY_MS = 86_400_000

_WITHDRAWN = {
    "profile": "",
    "mapping": "",
    "model": "",
    "score": None,
    "low": None,
    "high": None,
    "confidence": 0.0,
    "status": "",
    "blocked_by": (),
    "gaps": (),
    "top_evidence": (),
    "raise_most": "",
    "deleted": 1,
}


def _fields(record: Record) -> Iterable[Fields]:
    if record.value is not None:
        return ({**record.value, "version": record.version, "deleted": 0},)
    person, role = split_key(record)
    own = {"version": record.version, "correlation_id": record.raw.correlation_id}
    as_of = record.raw.timestamp_ms // _DAY_MS
    return ({**_WITHDRAWN, **own, "person_id": person, "role": role, "as_of": as_of},)


READINESS_TABLE = Table(
    "readiness",
    (
        column("person_id", STRING),
        column("role", WORD),
        column("profile", WORD),
        column("mapping", WORD),
        column("model", WORD),
        column("as_of", DAY),
        column("score", SCORE),
        column("low", SCORE),
        column("high", SCORE),
        column("confidence", FLOAT),
        column("status", WORD),
        column("blocked_by", STRINGS),
        records(
            "gaps",
            skill=STRING,
            level=FLOAT,
            required=FLOAT,
            gap=FLOAT,
            priority=FLOAT,
            confidence=FLOAT,
            critical=BOOL,
        ),
        TOP_EVIDENCE,
        column("raise_most", WORD),
        column("version", VERSION),
        column("deleted", FLAG),
        column("correlation_id", STRING),
    ),
    _fields,
    patience=UPSERTS_PATIENCE,
)
