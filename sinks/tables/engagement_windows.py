"""`engagement.windows` → `engagement_windows`: one row per person and window.

A withdrawal marks the row of every window length as deleted: the tombstone names the person only.
"""

from collections.abc import Iterable

from sinks.columns import DAY, FLAG, INT, OPTIONAL_DAY, SCORE, STRING, VERSION, WORD, column
from sinks.records import Record
from sinks.table import UPSERTS_PATIENCE, Fields, Table

WINDOW_DAYS = (7, 30, 90, 180)

_WITHDRAWN = {
    "as_of": 0,
    "label": "",
    "trend": None,
    "last_active_day": None,
    "time_source": "",
    "active_days": 0,
    "active_minutes": 0,
    "statements": 0,
    "completions": 0,
    "passes": 0,
    "fails": 0,
    "sessions": 0,
    "score": None,
    "deleted": 1,
}


def _fields(record: Record) -> Iterable[Fields]:
    if record.value is None:
        own = {
            "person_id": record.key,
            "version": record.version,
            "correlation_id": record.raw.correlation_id,
        }
        return ({**_WITHDRAWN, **own, "days": days} for days in WINDOW_DAYS)
    own = {**record.value, "version": record.version, "deleted": 0}
    return ({**own, **window} for window in record.value["windows"])


ENGAGEMENT_WINDOWS_TABLE = Table(
    "engagement_windows",
    (
        column("person_id", STRING),
        column("window_days", INT, "days"),
        column("as_of", DAY),
        column("label", WORD),
        column("trend", SCORE),
        column("last_active_day", OPTIONAL_DAY),
        column("time_source", WORD),
        column("active_days", INT),
        column("active_minutes", INT),
        column("statements", INT),
        column("completions", INT),
        column("passes", INT),
        column("fails", INT),
        column("sessions", INT),
        column("score", SCORE),
        column("version", VERSION),
        column("deleted", FLAG),
        column("correlation_id", STRING),
    ),
    _fields,
    patience=UPSERTS_PATIENCE,
)
