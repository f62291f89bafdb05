"""`identity.audit` → `identity_audit`: what each link decision did."""

from schemas.topics import AUDIT
from sinks.columns import STATED_VERSION, STRING, WORD, column
from sinks.table import Table

IDENTITY_AUDIT_TABLE = Table(
    AUDIT,
    "identity_audit",
    (
        column("kind", WORD),
        column("persona_id", STRING),
        column("person_id", STRING),
        column("other_person_id", STRING),
        column("rule", WORD),
        column("other_rule", WORD),
        column("source", WORD),
        STATED_VERSION,
        column("correlation_id", STRING),
    ),
)
