"""`dead.letters` → `dead_letters`. The coordinates are those of the record that was refused."""

from collections.abc import Iterable

from sinks.columns import INT, LONG, STRING, TIME, WORD, column
from sinks.records import Record
from sinks.table import Fields, Table


def _fields(record: Record) -> Iterable[Fields]:
    return (record.value or {},)


DEAD_LETTERS_TABLE = Table(
    "dead_letters",
    (
        column("reason", WORD),
        column("step", WORD, "where"),
        column("detail", STRING),
        column("topic", WORD),
        column("partition", INT),
        column("offset", LONG),
        column("epoch", INT),
        column("key", STRING),
        column("value", STRING),
        column("attempt", INT),
        column("failed_at", TIME),
        column("correlation_id", STRING),
        column("credential", WORD),
        column("resolution", WORD),
        column("note", STRING),
    ),
    _fields,
)
