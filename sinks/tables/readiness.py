"""`scores.readiness` → `readiness`: every update; ClickHouse carries the latest to `readiness_current`.

A withdrawal has no day of its own, so it gets that of its record in the log.
"""

from schemas.topics import READINESS
from sinks.columns import (
    BOOL,
    DAY,
    DELETED,
    FLOAT,
    SCORE,
    STATED_VERSION,
    STRING,
    STRINGS,
    WORD,
    column,
    records,
)
from sinks.records import RawRecord
from sinks.table import UPSERTS_PATIENCE, Fields, Table, split_key
from sinks.tables.skill_levels import TOP_EVIDENCE

_DAY_MS = 86_400_000


def _withdraw(raw: RawRecord) -> Fields:
    person, role = split_key(raw)
    return {"person_id": person, "role": role, "as_of": raw.timestamp_ms // _DAY_MS}


READINESS_TABLE = Table(
    READINESS,
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
        STATED_VERSION,
        DELETED,
        column("correlation_id", STRING),
    ),
    withdraw=_withdraw,
    patience=UPSERTS_PATIENCE,
)
