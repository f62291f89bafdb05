"""`identity.links` → `identity_links`: every entry of the log, never merged."""

from collections.abc import Iterable

from sinks.columns import DAY, FLOAT, INT, LONG, OPTIONAL_DAY, STRING, TIME, VERSION, WORD, column
from sinks.records import Record
from sinks.table import Fields, Table, origin_fields


def _fields(record: Record) -> Iterable[Fields]:
    return ({**(record.value or {}), **origin_fields(record.raw), "version": record.raw.version},)


IDENTITY_LINKS_TABLE = Table(
    "identity_links",
    (
        column("persona_id", STRING),
        column("person_id", STRING),
        column("action", WORD),
        column("rule", WORD),
        column("source", WORD),
        column("confidence", FLOAT),
        column("valid_from", DAY),
        column("valid_to", OPTIONAL_DAY),
        column("actor", STRING),
        column("reason", STRING),
        column("recorded_at", TIME),
        column("correlation_id", STRING),
        column("origin_partition", INT),
        column("origin_offset", LONG),
        column("origin_epoch", INT),
        column("version", VERSION),
    ),
    _fields,
)
