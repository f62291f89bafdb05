"""`identity.audit` → `identity_audit`: what each link decision did."""

from collections.abc import Iterable

from sinks.columns import STRING, VERSION, WORD, column
from sinks.records import Record
from sinks.table import Fields, Table


def _fields(record: Record) -> Iterable[Fields]:
    return ({**(record.value or {}), "version": record.version},)


IDENTITY_AUDIT_TABLE = Table(
    "identity_audit",
    (
        column("kind", WORD),
        column("persona_id", STRING),
        column("person_id", STRING),
        column("other_person_id", STRING),
        column("rule", WORD),
        column("other_rule", WORD),
        column("source", WORD),
        column("version", VERSION),
        column("correlation_id", STRING),
    ),
    _fields,
)
