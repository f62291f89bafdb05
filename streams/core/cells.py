"""Persona cells: what one persona did on one day, and the evidence it has for one skill.

Each cell carries the version of the last statement applied to it. An older or equal one is skipped, so
applying a stretch of the log again changes nothing.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Self

import msgspec
import orjson

from streams.core.engagement import DayCell
from streams.core.evidence import Evidence

MOST_BYTES = 4 << 20
"""Evidence that a cell may hold, as JSON: far more than anybody learns, and half of what Kafka takes as one
record. What sends more is a probe or a robot."""

_BESIDES_ACTIVITY = 200  # bytes of an item but for the IRI of its activity, at most; at least a quarter of it

_identity: Callable[[Evidence], tuple[str, str, str]] = attrgetter(
    "statement_id", "activity", "evidence_class"
)
_skill_rows = msgspec.json.Decoder(tuple[int, list[Evidence]])


@dataclass(slots=True)
class VersionedDay:
    """A day cell and the last version applied to it."""

    day: int
    version: int = 0
    content: DayCell = field(default_factory=DayCell)

    @classmethod
    def load(cls, day: int, data: bytes) -> Self:
        """Inverse of `dump`."""
        version, content = orjson.loads(data)
        return cls(day, version, DayCell.from_json(content))

    def dump(self) -> bytes:
        """Canonical bytes for the table."""
        return orjson.dumps([self.version, self.content.to_json()])


@dataclass(slots=True)
class SkillCell:
    """All evidence of one persona for one skill, and the last version applied.

    It is a set: which attempt counts is decided when it is read, so a void restores the runner-up. Its items
    take no more than `bound` bytes, by the measure of `has_room_for`.
    """

    skill: str
    version: int = 0
    items: dict[tuple[str, str, str], Evidence] = field(default_factory=dict)
    bound: int = 0

    @classmethod
    def load(cls, skill: str, data: bytes) -> Self:
        """Inverse of `dump`."""
        version, items = _skill_rows.decode(data)
        return cls(skill, version, {_identity(item): item for item in items}, 4 * len(data))

    def dump(self) -> bytes:
        """Canonical bytes for the table."""
        return msgspec.json.encode([self.version, [self.items[key] for key in sorted(self.items)]])

    def add(self, evidence: Iterable[Evidence]) -> None:
        """Add items; one already there is replaced by itself."""
        for item in evidence:
            self.items[_identity(item)] = item
            self.bound += _size(item)

    def has_room_for(self, evidence: Iterable[Evidence]) -> bool:
        """Whether the items may be added; those already there always may.

        It depends on the items alone, so that a chunk that is cut differently gives the same answer.
        """
        new = [item for item in evidence if _identity(item) not in self.items]
        more = sum(map(_size, new))
        if not new or self.bound + more <= MOST_BYTES:
            return True
        self.bound = sum(map(_size, self.items.values()))
        return self.bound + more <= MOST_BYTES

    def remove(self, evidence: Iterable[Evidence]) -> None:
        """Remove items; one that is not there is no matter."""
        for item in evidence:
            self.items.pop(_identity(item), None)

    def items_of(self, statement_id: str) -> list[Evidence]:
        """The items that a statement gave."""
        return [item for item in self.items.values() if item.statement_id == statement_id]

    def forget_before(self, day: int) -> bool:
        """Remove the items from before UTC day `day`; whether there were any."""
        old = [key for key, item in self.items.items() if item.day < day]
        for key in old:
            del self.items[key]
        return bool(old)


def _size(item: Evidence) -> int:
    return _BESIDES_ACTIVITY + len(item.activity.encode())


def day_key(persona: str, day: int) -> bytes:
    """Table key of a day cell."""
    return f"{persona}|d|{day}".encode()


def skill_key(persona: str, skill: str) -> bytes:
    """Table key of a skill cell."""
    return f"{persona}|s|{skill}".encode()


def parse_key(key: bytes) -> tuple[str, str, str]:
    """(owner, kind, rest) of a cell key; kind is `d` or `s`."""
    owner, kind, rest = key.decode().split("|", 2)
    return owner, kind, rest


def load_cell(key: bytes, data: bytes | None) -> "VersionedDay | SkillCell":
    """The cell behind a table key; an empty one where there is no row."""
    _, kind, rest = parse_key(key)
    if kind == "d":
        return VersionedDay(int(rest)) if data is None else VersionedDay.load(int(rest), data)
    return SkillCell(rest) if data is None else SkillCell.load(rest, data)


Cell = VersionedDay | SkillCell
