"""`xapi.statements` → `statements`: the raw log.

Copies of a voiding statement, written to every other partition, are not kept: the original is.
"""

from collections.abc import Iterable

from sinks.columns import INT, LONG, STRING, TIME, WORD, column
from sinks.records import Record
from sinks.table import Fields, Table, origin_fields


def _fields(record: Record) -> Iterable[Fields]:
    value = record.value or {}
    if value["copy"]:
        return ()
    return ({**value, **origin_fields(record.raw)},)


STATEMENTS_TABLE = Table(
    "statements",
    (
        column("statement_id", STRING),
        column("persona_id", STRING),
        column("statement", STRING),
        column("received_at", TIME),
        column("stored_at", TIME),
        column("credential", WORD),
        column("source", WORD),
        column("xapi_version", WORD),
        column("correlation_id", STRING),
        column("voids", STRING),
        column("origin_partition", INT),
        column("origin_offset", LONG),
        column("origin_epoch", INT),
    ),
    _fields,
)
