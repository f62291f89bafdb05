"""`learning.events` → `learning_events`: one row per version of an event; the origin is the statement's."""

from collections.abc import Iterable

from sinks.columns import BOOL, INT, LONG, STRING, TIME, VERSION, WORD, column, records
from sinks.records import Record
from sinks.table import Fields, Table


def _fields(record: Record) -> Iterable[Fields]:
    return ({**(record.value or {}), "version": record.version},)


LEARNING_EVENTS_TABLE = Table(
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
        column("version", VERSION),
        column("correlation_id", STRING),
    ),
    _fields,
)
