"""One alert for each time that a published score reaches the candidate score from below.

After an alert the score has to fall below the re-arming line before the next one: a score that trembles
around the candidate score is no news. No score (too little evidence) changes nothing.

Which scores are published depends on how the log is cut into chunks, and after a crash it is cut anew. So a
crossing counts once it is in the table, and its alert is kept there with it and sent afterwards: what was
never counted was never sent, and what was counted is sent until it is gone from the table, always the same.
"""

from dataclasses import dataclass, field
from typing import Self

import orjson

from streams.core.readiness import CANDIDATE_SCORE
from streams.records import State

ALERTS_TABLE = "alerts"
REARM_SCORE = 67.0
_UNSENT = b"!unsent"


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
    """The alert states that one step reads and changes, and the alerts that it raises."""

    state: State
    _states: dict[bytes, bytes | None] = field(default_factory=dict)
    _unsent: dict[bytes, bytes | None] = field(default_factory=dict)

    @property
    def rows(self) -> dict[bytes, bytes | None]:
        """What to write: alerts before the states that count them, so that a cut loses none."""
        return self._unsent | self._states

    @property
    def has_raised(self) -> bool:
        """Whether there are alerts to send once `rows` are safe."""
        return bool(self._unsent)

    def crossing(self, person: str, role: str, score: float | None) -> str | None:
        """Note a published score; the id of the alert that it raises, or None."""
        known = self._known(person, role)
        now = known.after(score)
        if now != known:
            self._states[_key(person, role)] = now.dump()
        return f"{person}|{role}|{now.crossings}" if now.crossings > known.crossings else None

    def keep(self, alert_id: str, alert: bytes) -> None:
        """Keep an alert until it is sent."""
        self._unsent[b"%s|%s" % (_UNSENT, alert_id.encode())] = alert

    def forget(self, person: str, role: str) -> None:
        """A person and role are withdrawn: what comes later is a crossing again, with a number of its own."""
        known = self._known(person, role)
        if known != AlertState():
            self._states[_key(person, role)] = AlertState(known.crossings).dump()

    def _known(self, person: str, role: str) -> AlertState:
        key = _key(person, role)
        return AlertState.load(
            self._states[key] if key in self._states else self.state.get(ALERTS_TABLE, key)
        )


def unsent(state: State) -> dict[bytes, bytes | None]:
    """The alerts that are kept, by the key of their row; None for one whose crossing was never counted."""
    kept = state.scan(ALERTS_TABLE, _UNSENT)
    return {key: alert if _is_counted(key, state) else None for key, alert in kept}


def _is_counted(key: bytes, state: State) -> bool:
    person_and_role, _, number = key.removeprefix(_UNSENT + b"|").rpartition(b"|")
    return AlertState.load(state.get(ALERTS_TABLE, person_and_role)).crossings >= int(number)


def _key(person: str, role: str) -> bytes:
    return f"{person}|{role}".encode()
