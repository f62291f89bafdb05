"""One alert for each time that a published score reaches the candidate score from below.

After an alert the score has to fall below the re-arming line before the next one: a score that trembles
around the candidate score is no news. No score (too little evidence) changes nothing.
"""

from dataclasses import dataclass, field
from typing import Self

import orjson

from streams.core.readiness import CANDIDATE_SCORE
from streams.records import State

ALERTS_TABLE = "alerts"
REARM_SCORE = 67.0


@dataclass(frozen=True, slots=True)
class AlertState:
    """Crossings of one person and role so far, and whether the next one raises an alert."""

    crossings: int = 0
    is_armed: bool = True

    @classmethod
    def load(cls, data: bytes | None) -> Self:
        """Inverse of `dump`; armed where there is no row."""
        return cls() if data is None else cls(*orjson.loads(data))

    def dump(self) -> bytes:
        """Bytes for the table."""
        return orjson.dumps([self.crossings, self.is_armed])

    def after(self, score: float | None) -> "AlertState":
        """The state once `score` is published. One crossing more means: raise an alert."""
        if score is None:
            return self
        if self.is_armed and score >= CANDIDATE_SCORE:
            return AlertState(self.crossings + 1, is_armed=False)
        if not self.is_armed and score < REARM_SCORE:
            return AlertState(self.crossings, is_armed=True)
        return self


@dataclass(slots=True)
class AlertBook:
    """The alert states that one step reads and changes; `rows` are those that it changes."""

    state: State
    rows: dict[bytes, bytes | None] = field(default_factory=dict)

    def crossing(self, person: str, role: str, score: float | None) -> str | None:
        """Note a published score; the id of the alert that it raises, or None."""
        key = f"{person}|{role}".encode()
        known = AlertState.load(self.rows[key] if key in self.rows else self.state.get(ALERTS_TABLE, key))
        now = known.after(score)
        if now != known:
            self.rows[key] = now.dump()
        return f"{person}|{role}|{now.crossings}" if now.crossings > known.crossings else None

    def forget(self, person: str, role: str) -> None:
        """Forget a person and role that are withdrawn."""
        key = f"{person}|{role}".encode()
        if key in self.rows or self.state.get(ALERTS_TABLE, key) is not None:
            self.rows[key] = None
