"""`scores.alerts` → `readiness_alerts`: one row per crossing of the candidate score."""

from schemas.topics import ALERTS
from sinks.columns import DAY, FLOAT, STATED_VERSION, STRING, WORD, column
from sinks.table import Table

READINESS_ALERTS_TABLE = Table(
    ALERTS,
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
        STATED_VERSION,
        column("correlation_id", STRING),
    ),
)
