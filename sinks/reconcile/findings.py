"""What a reconciliation finds, as values."""

from dataclasses import asdict, dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What is wrong with a row."""

    MISSING = "missing"  # it should be there
    SURPLUS = "surplus"  # it should not
    ALTERED = "altered"  # it says something else
    DOUBLED = "doubled"  # it is there more than once
    STALE = "stale"  # a later version was published
    HOLE = "hole"  # snapshots, without which nothing can be compared


@dataclass(frozen=True, slots=True)
class Finding:
    """One discrepancy. `key` names the row or cell; `expected` and `found` are empty where there is none."""

    kind: Kind
    table: str
    partition: int
    key: str
    expected: str = ""
    found: str = ""


@dataclass(frozen=True, slots=True)
class FigureDrift:
    """Drift of one figure: the sum of what was told, and of the absolute differences to it."""

    figure: str
    expected: int
    difference: int

    @property
    def ratio(self) -> float:
        """Difference relative to what was told; 0 where nothing differs."""
        return self.difference / max(self.expected, 1)

    def as_json(self) -> dict[str, object]:
        """For machines."""
        return {**asdict(self), "ratio": self.ratio}

    def __add__(self, other: "FigureDrift") -> "FigureDrift":
        """Both taken together."""
        return FigureDrift(self.figure, self.expected + other.expected, self.difference + other.difference)


@dataclass(frozen=True, slots=True)
class DayCheck:
    """One UTC day of one partition: how many facts were told, how many are wrong, and both checksums."""

    facts: str
    day: int
    told: int
    wrong: int
    told_checksum: int
    found_checksum: int

    def as_json(self) -> dict[str, object]:
        """For machines."""
        return {
            "facts": self.facts,
            "day": self.day,
            "told": self.told,
            "wrong": self.wrong,
            "checksum": f"{self.told_checksum:016x}",
            "recomputed": f"{self.found_checksum:016x}",
        }
