"""`dead.letters` → `dead_letters`. The coordinates are those of the record that was refused."""

from schemas.topics import DEAD_LETTERS
from sinks.columns import INT, LONG, STRING, TIME, WORD, column
from sinks.table import Table

DEAD_LETTERS_TABLE = Table(
    DEAD_LETTERS,
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
)
