"""Statements, links and configuration for the stage tests."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import orjson

from schemas.partitions import partition_for
from schemas.persona import email_key, persona_id
from schemas.role_profiles import RoleProfiles, parse_role_profiles
from schemas.skill_map import SkillMap, parse_skill_map
from schemas.topics import LINKS, STATEMENTS
from streams.core.person_stage import PersonStage
from streams.core.persona_stage import PersonaStage
from streams.core.retention import DEFAULT_RETENTION, Retention
from tests.unit.streams.pipeline import Pipeline

DAY = 20_759  # 2026-11-02
TENANT = b"the tenant of the tests"
ADL = "http://adlnet.gov/expapi/verbs/"
COURSE = "https://learn.example.com/courses/"

SKILL_MAP: SkillMap = parse_skill_map("""
version: "test-1"
skills:
  - {id: sql, name: SQL}
  - {id: python, name: Python}
mappings:
  - activity: "https://learn.example.com/courses/1"
    skill: sql
    confidence: 0.9
    reviewed: true
    pass_mark: 0.7
  - {activity: "https://learn.example.com/courses/2", skill: sql, confidence: 0.8, reviewed: true}
  - {activity: "https://learn.example.com/courses/2", skill: python, confidence: 0.8, reviewed: true}
  - {activity: "https://learn.example.com/courses/3", skill: python, confidence: 0.6}
""")
ROLES: RoleProfiles = parse_role_profiles(
    """
version: "test-1"
roles:
  - id: analyst
    name: Analyst
    skills:
      - {skill: sql, required: 60, weight: 2, critical: true}
      - {skill: python, required: 50, weight: 1}
""",
    SKILL_MAP,
)


def persona(name: str) -> str:
    """Persona id of a test learner."""
    return persona_id(TENANT, email_key(f"{name}@example.com"))


@dataclass(frozen=True)
class Said:
    """A statement of a test: its number is its id."""

    number: int
    who: str
    verb: str
    course: int = 1
    day: int = DAY
    minute: int = 600
    scaled: float | None = None
    voids: int | None = None
    is_dated: bool = True

    @property
    def statement_id(self) -> str:
        return str(UUID(int=self.number, version=4))

    @property
    def statement(self) -> dict[str, Any]:
        body: dict[str, Any] = {
            "id": self.statement_id,
            "actor": {"mbox": f"mailto:{self.who}@example.com"},
            "verb": {"id": ADL + self.verb},
            "object": {"id": f"{COURSE}{self.course}"},
        }
        if self.is_dated:
            body["timestamp"] = _iso(self.day, self.minute)
        if self.scaled is not None:
            body["result"] = {"score": {"scaled": self.scaled}, "success": self.scaled >= 0.7}
        if self.voids is not None:
            target = str(UUID(int=self.voids, version=4))
            body["object"] = {"objectType": "StatementRef", "id": target}
        return body


def _iso(day: int, minute: int) -> str:
    start = datetime(1970, 1, 1, tzinfo=UTC)
    return (start + timedelta(days=day, minutes=minute)).isoformat().replace("+00:00", "Z")


def accept(
    pipeline: Pipeline, said: Said, *, received: int = DAY + 30, traceparent: bytes = b"", **change: Any
) -> None:
    """Write a statement as the adapter does on day `received`: a void goes to every partition."""
    voids = said.statement["object"]["id"] if said.voids is not None else ""
    value = {
        "statement_id": said.statement_id,
        "persona_id": persona(said.who),
        "statement": orjson.dumps(said.statement | change),
        "received_at": received * 86_400_000_000,
        "stored_at": received * 86_400_000_000,
        "credential": "test",
        "source": "http",
        "xapi_version": "1.0.3",
        "correlation_id": "test",
        "voids": voids,
        "copy": False,
    }
    key = persona(said.who)
    home = partition_for(key, pipeline.partitions)
    pipeline.produce(STATEMENTS, key, value, home, traceparent)
    for partition in range(pipeline.partitions if voids else 0):
        if partition != home:
            pipeline.produce(STATEMENTS, key, value | {"copy": True}, partition, traceparent)


@dataclass(frozen=True)
class Linked:
    """One entry of the link log of a test."""

    who: str
    person: str
    action: str = "link"
    rule: str = "hris_id"
    valid_from: int = 0
    valid_to: int | None = None


def link(pipeline: Pipeline, entry: Linked) -> None:
    """Write one entry of the link log."""
    value = {
        "persona_id": persona(entry.who),
        "person_id": entry.person,
        "action": entry.action,
        "rule": entry.rule,
        "source": "test",
        "confidence": 1.0,
        "valid_from": entry.valid_from,
        "valid_to": entry.valid_to,
        "actor": "test",
        "reason": "",
        "recorded_at": 0,
        "correlation_id": "test",
    }
    pipeline.produce(LINKS, persona(entry.who), value)


def build(
    partitions: int = 3,
    as_of: Callable[[], int] = lambda: DAY + 20,
    outcomes: Counter[str] | None = None,
    roles: RoleProfiles = ROLES,
    now_us: Callable[[], int] = lambda: 0,
    retention: Retention = DEFAULT_RETENTION,
    skill_map: SkillMap = SKILL_MAP,
    mixed: dict[int, bool] | None = None,
) -> Pipeline:
    """A fresh pipeline.

    `outcomes` counts those of records and, by table, the rows that were too old; `mixed` tells of which
    partitions the evidence may be from several editions of the skill map.
    """

    counted = Counter[str]() if outcomes is None else outcomes
    editions = {} if mixed is None else mixed

    def observe_deleted(table: str, rows: int) -> None:
        counted.update({table: rows} if rows else {})

    first = PersonaStage(
        skill_map,
        partitions=partitions,
        epoch=0,
        as_of=as_of,
        observe=counted.update,
        now_us=now_us,
        retention=retention,
        observe_deleted=observe_deleted,
        observe_editions=editions.__setitem__,
    )
    second = PersonStage(
        skill_map,
        roles,
        partitions=partitions,
        epoch=0,
        as_of=as_of,
        now_us=lambda: 0,
        retention=retention,
        observe_deleted=observe_deleted,
    )
    return Pipeline((first, second), partitions)
