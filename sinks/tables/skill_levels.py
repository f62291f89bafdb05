"""`skills.levels` → `skill_levels`: one row per person and skill."""

from collections.abc import Iterable

from sinks.columns import DAY, FLAG, FLOAT, INT, STRING, VERSION, WORD, column, records
from sinks.records import Record
from sinks.table import UPSERTS_PATIENCE, Fields, Table, split_key

TOP_EVIDENCE = records(
    "top_evidence",
    statement_id=STRING,
    persona_id=STRING,
    evidence_class=STRING,
    activity=STRING,
    day=INT,
    contribution=FLOAT,
)

_WITHDRAWN = {
    "as_of": 0,
    "level": 0.0,
    "confidence": 0.0,
    "low": 0.0,
    "high": 0.0,
    "evidence_count": 0,
    "unreviewed_share": 0.0,
    "top_evidence": (),
    "mapping": "",
    "model": "",
    "deleted": 1,
}


def _fields(record: Record) -> Iterable[Fields]:
    if record.value is not None:
        return ({**record.value, "version": record.version, "deleted": 0},)
    person, skill = split_key(record)
    own = {"version": record.version, "correlation_id": record.raw.correlation_id}
    return ({**_WITHDRAWN, **own, "person_id": person, "skill": skill},)


SKILL_LEVELS_TABLE = Table(
    "skill_levels",
    (
        column("person_id", STRING),
        column("skill", WORD),
        column("as_of", DAY),
        column("level", FLOAT),
        column("confidence", FLOAT),
        column("low", FLOAT),
        column("high", FLOAT),
        column("evidence_count", INT),
        column("unreviewed_share", FLOAT),
        TOP_EVIDENCE,
        column("mapping", WORD),
        column("model", WORD),
        column("version", VERSION),
        column("deleted", FLAG),
        column("correlation_id", STRING),
    ),
    _fields,
    patience=UPSERTS_PATIENCE,
)
