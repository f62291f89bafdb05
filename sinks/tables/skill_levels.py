"""`skills.levels` → `skill_levels`: one row per person and skill."""

from schemas.topics import SKILLS
from sinks.columns import DAY, DELETED, FLOAT, INT, STATED_VERSION, STRING, WORD, column, records
from sinks.records import RawRecord
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


def _withdraw(raw: RawRecord) -> Fields:
    person, skill = split_key(raw)
    return {"person_id": person, "skill": skill}


SKILL_LEVELS_TABLE = Table(
    SKILLS,
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
        STATED_VERSION,
        DELETED,
        column("correlation_id", STRING),
    ),
    withdraw=_withdraw,
    patience=UPSERTS_PATIENCE,
)
