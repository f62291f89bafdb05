"""`xapi.statements` → `statements`: the raw log.

Copies of a voiding statement, written to every other partition, are not kept: the original is.
"""

from schemas.topics import STATEMENTS
from sinks.columns import ORIGIN, STRING, TIME, WORD, column
from sinks.table import Table

STATEMENTS_TABLE = Table(
    STATEMENTS,
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
        *ORIGIN,
    ),
    dropped="copy",
)
