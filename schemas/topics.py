"""The one list of pipes: every topic's name, key, record and retention. Everything else asks it."""

from dataclasses import dataclass
from typing import Literal

from schemas.partitions import partition_for

__all__ = ["CATALOGUE", "Topic", "by_name", "partition_for"]

_DAY_MS = 86_400_000
_FIVE_YEARS_MS = 5 * 365 * _DAY_MS
_TOMBSTONES_MS = 30 * _DAY_MS
"""For so long a reader of a compacted topic may be away without missing what was withdrawn meanwhile."""

MAX_MESSAGE_BYTES = 8 << 20
"""Largest record of a topic: room for a statement that others quote, and for all evidence of a persona and
skill (`streams.core.cells`). Brokers take 1 MiB unless they are told."""


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic.

    `key` says what the UTF-8 key is made of, `cleanup` and `retention_ms` become the broker's
    `cleanup.policy` and `retention.ms` (`None`: kept for ever). The record's schema is
    `schemas/avro/<name>.avsc`.
    """

    name: str
    key: str
    cleanup: Literal["delete", "compact"]
    retention_ms: int | None
    writers: tuple[str, ...]
    readers: tuple[str, ...]
    doc: str

    @property
    def config(self) -> dict[str, str]:
        """The broker's settings for this topic."""
        retention = -1 if self.retention_ms is None else self.retention_ms
        kept = {"cleanup.policy": self.cleanup, "retention.ms": str(retention)}
        tombstones = {"delete.retention.ms": str(_TOMBSTONES_MS)} if self.cleanup == "compact" else {}
        return kept | tombstones | {"max.message.bytes": str(MAX_MESSAGE_BYTES)}


STATEMENTS = Topic(
    "xapi.statements",
    "persona_id",
    "delete",
    _FIVE_YEARS_MS,
    ("adapter", "import", "pull"),
    ("worker", "sink"),
    "The accepted statements, byte for byte: the log that everything else is derived from.",
)
LINKS = Topic(
    "identity.links",
    "persona_id",
    "delete",
    None,
    ("adapter", "identity import"),
    ("worker", "sink"),
    "The append-only log of links between personas and persons. Kept whole: a later entry does not "
    "replace an earlier one, it is weighed against it.",
)
HR_ATTRIBUTES = Topic(
    "hr.attributes",
    "person_id",
    "delete",
    None,
    ("adapter", "identity import"),
    ("sink",),
    "What HR systems say of employees, dated twice: since when it holds and since when it is known.",
)
EVENTS = Topic(
    "learning.events",
    "person_id",
    "delete",
    _FIVE_YEARS_MS,
    ("worker",),
    ("sink", "downstream"),
    "Normalised learning events: one per distinct statement, replaced when the statement is voided.",
)
PERSONA_STATE = Topic(
    "persona.state",
    "person_id|persona_id|cell",
    "compact",
    None,
    ("worker",),
    ("worker",),
    "The cells of each persona, sent to the person they belong to.",
)
ENGAGEMENT = Topic(
    "engagement.windows",
    "person_id",
    "compact",
    None,
    ("worker",),
    ("sink", "downstream"),
    "Engagement of a person over 7, 30, 90 and 180 days.",
)
SKILLS = Topic(
    "skills.levels",
    "person_id|skill",
    "compact",
    None,
    ("worker",),
    ("sink", "webhooks", "downstream"),
    "Level, confidence and interval of a person in a skill, with the evidence behind it.",
)
READINESS = Topic(
    "scores.readiness",
    "person_id|role",
    "compact",
    None,
    ("worker",),
    ("sink", "webhooks", "downstream"),
    "Readiness of a person for a role: the topic that talent marketplaces and alerts read.",
)
ALERTS = Topic(
    "scores.alerts",
    "person_id",
    "delete",
    _FIVE_YEARS_MS,
    ("worker",),
    ("sink", "webhooks", "downstream"),
    "Crossings of the candidate score, one record each.",
)
AUDIT = Topic(
    "identity.audit",
    "persona_id",
    "delete",
    None,
    ("worker", "identity import"),
    ("sink", "downstream"),
    "What link decisions did: moves of personas between persons, and conflicts of claims.",
)
SNAPSHOTS = Topic(
    "reconciliation.snapshots",
    "partition",
    "delete",
    90 * _DAY_MS,
    ("worker",),
    ("sink",),
    "Persona cells at exact offsets, with a manifest each, to compare a recomputation with.",
)
PULL_CHECKPOINTS = Topic(
    "pull.checkpoints",
    "source",
    "compact",
    None,
    ("pull",),
    ("pull",),
    "How far each LRS that we fetch from has been read.",
)
DEAD_LETTERS = Topic(
    "dead.letters",
    "original key",
    "delete",
    _FIVE_YEARS_MS,
    ("adapter", "import", "pull", "worker", "sink", "webhooks"),
    ("sink", "dead-letters", "webhooks"),
    "Records that could not be processed, whole, with the reason.",
)

CATALOGUE: tuple[Topic, ...] = (
    STATEMENTS,
    LINKS,
    HR_ATTRIBUTES,
    EVENTS,
    PERSONA_STATE,
    ENGAGEMENT,
    SKILLS,
    READINESS,
    ALERTS,
    AUDIT,
    SNAPSHOTS,
    PULL_CHECKPOINTS,
    DEAD_LETTERS,
)

_BY_NAME = {topic.name: topic for topic in CATALOGUE}


def by_name(name: str) -> Topic:
    """The topic called `name`; `KeyError` if the catalogue has none."""
    return _BY_NAME[name]
