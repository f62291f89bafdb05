"""What a learner has achieved so far: it decides how the next session goes."""

from collections import Counter
from dataclasses import dataclass, field
from random import Random

from readystream.dev.generator.catalogue import Activity
from readystream.dev.generator.recorder import new_uuid
from readystream.dev.generator.rhythm import Pace

_ABILITY = {Pace.KEEN: (0.9, 0.05), Pace.NEW: (0.8, 0.08)}
_USUAL_ABILITY = (0.78, 0.1)
_LEARNED_FROM_A_FAIL = 0.03

Segments = list[tuple[float, float]]


@dataclass(slots=True)
class Progress:
    """The state of one learner's path.

    `ability` is the expected score (0 to 1), `registrations` the running registration of each activity or
    course, `passed` and `done` hold activity IRIs, `passes` counts passed activities of each skill,
    `watched` what was played of a video (seconds) under its running registration.
    """

    ability: float
    registrations: dict[str, str] = field(default_factory=dict)
    passed: set[str] = field(default_factory=set)
    done: set[str] = field(default_factory=set)
    passes: Counter[str] = field(default_factory=Counter)
    certified: set[str] = field(default_factory=set)
    watched: dict[str, Segments] = field(default_factory=dict)

    def registration(self, rng: Random, iri: str) -> str:
        """The running registration of `iri`, begun if there is none."""
        if iri not in self.registrations:
            self.registrations[iri] = new_uuid(rng)
        return self.registrations[iri]

    def score(self, rng: Random) -> float:
        """Scaled score of an attempt, 0 to 1, two decimals."""
        return round(min(1.0, max(0.05, rng.gauss(self.ability, 0.07))), 2)

    def assessed(self, activity: Activity, *, passed: bool) -> None:
        """Note the outcome of an assessment."""
        if not passed:
            self.ability += _LEARNED_FROM_A_FAIL
        elif activity.iri not in self.passed:
            self.passed.add(activity.iri)
            self.done.add(activity.iri)
            self.passes[activity.skill] += 1


def beginner(rng: Random, pace: Pace) -> Progress:
    """Nothing achieved yet."""
    mean, spread = _ABILITY.get(pace, _USUAL_ABILITY)
    return Progress(ability=rng.gauss(mean, spread))
