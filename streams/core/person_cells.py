"""Cells as the person stage keeps them, under `person|persona|d|day` and `person|persona|s|skill`.

Under `person|persona|w|` stands the last withdrawal: cells that an older link decision sent do not count.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from streams.core.engagement import DayFigures
from streams.core.events import EVIDENCE_FIELDS
from streams.core.evidence import Evidence


@dataclass(frozen=True, slots=True)
class CellAddress:
    """The parts of a `persona.state` key."""

    person: str
    persona: str
    kind: str
    rest: str

    @classmethod
    def parse(cls, key: bytes) -> "CellAddress":
        """From `person|persona|kind|rest`. Raises ValueError for anything else."""
        person, persona, kind, rest = key.decode().split("|", 3)
        return cls(person, persona, kind, rest)

    @property
    def withdrawal_key(self) -> bytes:
        """Where the last withdrawal of the persona from the person stands."""
        return f"{self.person}|{self.persona}|w|".encode()


def dump(record: Mapping[str, Any]) -> bytes:
    """Table bytes of a `persona.state` record: its version, then its content."""
    cell = record["cell"]
    if "lost_by" in cell:
        content = []
    elif "items" in cell:
        content = [[item[name] for name in EVIDENCE_FIELDS] for item in cell["items"]]
    else:
        content = [
            cell["slots"].hex(),
            cell["statements"],
            cell["completions"],
            cell["passes"],
            cell["fails"],
            cell["sessions"],
            cell["time_source"],
        ]
    return orjson.dumps([[record["link_version"], record["version"]], content])


def version_of(data: bytes) -> tuple[int, int]:
    """(link version, cell version) of a table entry: what comes later compares greater."""
    link_version, version = orjson.loads(data)[0]
    return link_version, version


def load_day(data: bytes) -> DayFigures:
    """Figures of a day cell."""
    slots, *figures = orjson.loads(data)[1]
    return DayFigures(int.from_bytes(bytes.fromhex(slots), "little"), *figures)


def load_evidence(data: bytes) -> list[Evidence]:
    """Winning evidence of a skill cell."""
    return [Evidence(*row) for row in orjson.loads(data)[1]]
