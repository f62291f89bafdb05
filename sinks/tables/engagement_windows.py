"""`engagement.windows` → `engagement_windows`: one row per person and window.

A withdrawal marks the row of every window length as deleted: the tombstone names the person only.
"""

from schemas.avro_schemas import raw_schema
from schemas.topics import ENGAGEMENT
from sinks.columns import DAY, DELETED, INT, OPTIONAL_DAY, SCORE, STATED_VERSION, STRING, WORD, column
from sinks.records import RawRecord
from sinks.table import UPSERTS_PATIENCE, Fields, Table, blank

WINDOW_DAYS = (7, 30, 90, 180)
_FIELDS = {field["name"]: field["type"] for field in raw_schema(ENGAGEMENT.name)["fields"]}


def _withdraw(raw: RawRecord) -> Fields:
    windows = [{**blank(_FIELDS["windows"]["items"]), "days": days} for days in WINDOW_DAYS]
    return {"person_id": raw.key.decode(), "windows": windows}


ENGAGEMENT_WINDOWS_TABLE = Table(
    ENGAGEMENT,
    "engagement_windows",
    (
        column("person_id", STRING),
        column("window_days", INT, "windows.days"),
        column("as_of", DAY),
        column("label", WORD),
        column("trend", SCORE),
        column("last_active_day", OPTIONAL_DAY),
        column("time_source", WORD),
        column("active_days", INT, "windows.active_days"),
        column("active_minutes", INT, "windows.active_minutes"),
        column("statements", INT, "windows.statements"),
        column("completions", INT, "windows.completions"),
        column("passes", INT, "windows.passes"),
        column("fails", INT, "windows.fails"),
        column("sessions", INT, "windows.sessions"),
        column("score", SCORE, "windows.score"),
        STATED_VERSION,
        DELETED,
        column("correlation_id", STRING),
    ),
    unfolded="windows",
    withdraw=_withdraw,
    patience=UPSERTS_PATIENCE,
)
