"""`identity.links` → `identity_links`: every entry of the log, never merged."""

from schemas.topics import LINKS
from sinks.columns import DAY, FLOAT, OPTIONAL_DAY, ORIGIN, PLACE_VERSION, STRING, TIME, WORD, column
from sinks.table import Table

IDENTITY_LINKS_TABLE = Table(
    LINKS,
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
        *ORIGIN,
        PLACE_VERSION,
    ),
)
