"""How far a partition's persons have been evaluated for a day and an edition of the configuration.

A sweep goes through the persons in slices, so that each is a step of bounded size. It begins when its goal
changes: another day, other role profiles, another skill map, another model.
"""

from dataclasses import asdict, dataclass, replace
from typing import Any, Self

import orjson


@dataclass(frozen=True, slots=True)
class Goal:
    """What figures are evaluated for: `as_of` and the editions behind them; `roles` are the role ids."""

    as_of: int
    profiles: str
    mapping: str
    model: str
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SweepProgress:
    """Where a sweep stands.

    `after` is the last person evaluated, None when all of them are. `revision` counts sweeps: it makes
    versions grow where no record does. `dropped` are roles that the edition before had and `goal` has not.
    """

    goal: Goal
    after: str | None
    revision: int
    dropped: tuple[str, ...]

    @classmethod
    def load(cls, data: bytes) -> Self:
        """Inverse of `dump`."""
        fields: dict[str, Any] = orjson.loads(data)
        goal = fields.pop("goal")
        return cls(
            goal=Goal(**{**goal, "roles": tuple(goal["roles"])}),
            after=fields["after"],
            revision=fields["revision"],
            dropped=tuple(fields["dropped"]),
        )

    def dump(self) -> bytes:
        """Bytes for the table."""
        return orjson.dumps(asdict(self))

    @property
    def is_done(self) -> bool:
        """Whether everybody has been evaluated for the goal."""
        return self.after is None

    def towards(self, goal: Goal) -> "SweepProgress":
        """The sweep that goes on, or a new one if `goal` is another."""
        if goal == self.goal:
            return self
        gone = {*self.dropped, *self.goal.roles} - set(goal.roles)
        return SweepProgress(goal, "", self.revision + 1, tuple(sorted(gone)))

    def reached(self, person: str | None) -> "SweepProgress":
        """The sweep after a slice that ended with `person`; None when it was the last."""
        return replace(self, after=person)


def first(goal: Goal) -> SweepProgress:
    """A partition without a sweep: there is nobody to evaluate yet, or everybody for the first time."""
    return SweepProgress(goal, "", 0, ())
