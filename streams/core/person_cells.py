"""Cells as the person stage keeps them, under `person|persona|d|day` and `person|persona|s|skill`.

Under `person|persona|w|` stands the last withdrawal: cells that an older link decision sent do not count.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from streams.core.engagement import DayFigures
from streams.core.evidence import Evidence
from streams.core.retention import Kept

_Versions = tuple[int, int]
_any_row = msgspec.json.Decoder(tuple[_Versions, msgspec.Raw])
_day_row = msgspec.json.Decoder(tuple[_Versions, tuple[str, int, int, int, int, int, str]])
_skill_row = msgspec.json.Decoder(tuple[_Versions, list[Evidence]])


class CellAddress(msgspec.Struct, frozen=True):
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
        content = [Evidence(**item) for item in cell["items"]]
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
    return msgspec.json.encode([[record["link_version"], record["version"]], content])


def version_of(data: bytes) -> tuple[int, int]:
    """(link version, cell version) of a table entry: what comes later compares greater."""
    return _any_row.decode(data)[0]


def load_day(data: bytes) -> DayFigures:
    """Figures of a day cell."""
    slots, statements, completions, passes, fails, sessions, time_source = _day_row.decode(data)[1]
    bitmap = int.from_bytes(bytes.fromhex(slots), "little")
    return DayFigures(bitmap, statements, completions, passes, fails, sessions, time_source)


def load_evidence(data: bytes) -> list[Evidence]:
    """The contenders of a skill cell."""
    return _skill_row.decode(data)[1]


def remaining(address: CellAddress, data: bytes, kept: Kept) -> bytes | None:
    """What is left of a table entry without what is too old to count; None for nothing."""
    if address.kind == "d":
        return data if int(address.rest) >= kept.days else None
    if address.kind != "s":
        return data
    version, items = _skill_row.decode(data)
    left = [item for item in items if item.day >= kept.evidence]
    if len(left) == len(items):
        return data
    return msgspec.json.encode([version, left]) if left else None
