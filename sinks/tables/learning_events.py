"""`learning.events` → `learning_events`: one row per version of an event; the origin is the statement's."""

from schemas.topics import EVENTS
from sinks.columns import BOOL, INT, LONG, STATED_VERSION, STRING, TIME, WORD, column, records
from sinks.table import Table

LEARNING_EVENTS_TABLE = Table(
    EVENTS,
    "learning_events",
    (
        column("statement_id", STRING),
        column("persona_id", STRING),
        column("person_id", STRING),
        column("verb", WORD),
        column("verb_class", WORD),
        column("activity", STRING),
        column("activity_name", STRING),
        column("registration", STRING),
        column("event_time", TIME),
        column("skewed", BOOL),
        column("stored_at", TIME),
        column("received_at", TIME),
        records("slots", day=INT, first=INT, last=INT),
        column("time_source", WORD),
        column("completions", INT),
        column("passes", INT),
        column("fails", INT),
        column("sessions", INT),
        records(
            "evidence",
            skill=STRING,
            evidence_class=STRING,
            activity=STRING,
            day=INT,
            event_ms=LONG,
            statement_id=STRING,
            weight=LONG,
            outcome=LONG,
            mapping=STRING,
            reviewed=BOOL,
        ),
        column("voided", BOOL),
        column("credential", WORD),
        column("origin_partition", INT),
        column("origin_offset", LONG),
        column("origin_epoch", INT),
        STATED_VERSION,
        column("correlation_id", STRING),
    ),
)
