"""Every figure of every person, worked out a second time from the accepted log, by code of its own.

Nothing here comes from `streams`: the rules are those that `docs/architecture.md` tells, written down again
in the slowest and plainest way. `reading` says which statements are covered.

A figure is a *cell*: `(table, person, what, column)` and its value, named as in ClickHouse. Lists of top
evidence are given whole, as a `Ranking`, for only some of it is published and ties have no order.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import exp, fsum, hypot
from typing import Any

from scipy.stats import beta as beta_distribution

from tests.chaos.catalogue import SkillCatalogue
from tests.chaos.log import AcceptedLog
from tests.chaos.people import Day, Person, best_source, people
from tests.chaos.reading import Item, Unsupported

Cell = tuple[str, str, str, str]

_MODEL = "decayed-beta-1"
_CAPS = {"exposure": 1.0, "self": 0.5}
_PRIOR_LEVEL = 25.0
_LISTED = 5
_DAYS_COUNT_FOR, _EVIDENCE_COUNTS_FOR = 400, 1825


@dataclass(frozen=True, slots=True)
class Ranking:
    """What each item of evidence does to a figure. One item may do something to two skills of a role."""

    effects: Sequence[tuple[Item, float]]

    @property
    def largest(self) -> list[float]:
        """The sizes that must be listed."""
        return sorted((abs(effect) for _, effect in self.effects), reverse=True)[:_LISTED]


def recompute(log: AcceptedLog, skills: SkillCatalogue, as_of: date) -> dict[Cell, Any]:
    """All cells. Raises `Unsupported` for what the recount does not cover."""
    cells: dict[Cell, Any] = {}
    for person_id, known in people(log, skills).items():
        _require_known_by(_number(as_of), known)
        person = _what_counts(known, _number(as_of))
        tables = (
            ("engagement", _engagement(person.days, as_of) if person.days else {}),
            ("skills", _levels(person, skills, as_of)),
            ("readiness", _readiness(person, skills, as_of)),
        )
        for table, rows in tables:
            for what, columns in rows.items():
                cells |= {(table, person_id, what, name): value for name, value in columns.items()}
    return cells


def _require_known_by(today: int, person: Person) -> None:
    """Evidence from after `as_of` does not count; which earlier attempt then does is not covered."""
    for item in (item for items in person.evidence.values() for item in items):
        if item.day > today:
            raise Unsupported(f"evidence of statement {item.statement_id} is dated after as_of")


def _what_counts(person: Person, today: int) -> Person:
    """The person without what is too old."""
    counting = Person()
    counting.days |= {day: one for day, one in person.days.items() if today - day < _DAYS_COUNT_FOR}
    for skill, items in person.evidence.items():
        if left := [item for item in items if today - item.day < _EVIDENCE_COUNTS_FOR]:
            counting.evidence[skill] = left
    return counting


def _number(day: date) -> int:
    return (day - date(1970, 1, 1)).days


# ── engagement ──


def _engagement(days: Mapping[int, Day], as_of: date) -> dict[str, dict[str, Any]]:
    today = _number(as_of)
    known = {number: day for number, day in days.items() if number <= today}
    last_active = max((number for number, day in known.items() if day.slots), default=None)
    idle = None if last_active is None else today - last_active
    is_new = not known or today - min(known) + 1 < 14
    per_day = {length: sum(_in(known, today, length, "minutes")) / length for length in (30, 180)}
    common = {
        "as_of": as_of,
        "label": "new" if is_new else _label(idle),
        "trend": per_day[30] / per_day[180] - 1 if per_day[180] else None,
        "last_active_day": None if last_active is None else date(1970, 1, 1) + timedelta(days=last_active),
        "time_source": best_source(day for number, day in known.items() if number > today - 180),
    }
    return {
        str(length): common | _window(known, today, length, idle, scored=not is_new)
        for length in (7, 30, 90, 180)
    }


def _label(idle: int | None) -> str:
    if idle is None or idle >= 14:
        return "inactive"
    return "active" if idle < 7 else "disengaging"


def _in(days: Mapping[int, Day], today: int, length: int, name: str) -> list[int]:
    return [getattr(day, name) for number, day in days.items() if today - length < number <= today]


def _window(
    days: Mapping[int, Day], today: int, length: int, idle: int | None, *, scored: bool
) -> dict[str, Any]:
    active = sum(1 for slots in _in(days, today, length, "slots") if slots)
    minutes = sum(_in(days, today, length, "minutes"))
    recency = 0.0 if idle is None else 0.5 ** (idle / 14)
    regularity = min(1.0, active * 30 / (8 * length))
    score = 30 * recency + 40 * regularity + 30 * (1 - exp(-minutes / length / 4))
    counts = ("statements", "completions", "passes", "fails", "sessions")
    return {
        "active_days": active,
        "active_minutes": minutes,
        **{name: sum(_in(days, today, length, name)) for name in counts},
        "score": score if scored else None,
    }


# ── levels ──


@dataclass(frozen=True, slots=True)
class _Level:
    level: float
    confidence: float
    low: float
    high: float
    unreviewed: float


def _estimate(items: Sequence[Item], half_life_days: float, today: int) -> _Level:
    """The level on day `today`; all given items count."""
    observed = favourable = unreviewed = 0.0
    for kind in {item.kind for item in items}:
        aged = [(item, 0.5 ** ((today - item.day) / half_life_days)) for item in items if item.kind == kind]
        n, s, doubtful = (
            fsum(values) / 1e6
            for values in (
                [item.weight * decay for item, decay in aged],
                [item.favourable * decay for item, decay in aged],
                [item.weight * decay for item, decay in aged if not item.reviewed],
            )
        )
        kept = min(1.0, _CAPS[kind] / n) if kind in _CAPS else 1.0
        observed, favourable, unreviewed = (
            observed + kept * n,
            favourable + kept * s,
            unreviewed + kept * doubtful,
        )
    alpha, beta = 0.5 + favourable, 1.5 + observed - favourable
    low, high = (100 * float(beta_distribution.ppf(share, alpha, beta)) for share in (0.05, 0.95))
    return _Level(
        level=100 * alpha / (alpha + beta),
        confidence=observed / (observed + 2),
        low=low,
        high=high,
        unreviewed=unreviewed / observed if observed else 0.0,
    )


def _without(items: Sequence[Item], left_out: Item) -> list[Item]:
    return [item for item in items if item is not left_out]


def _levels(person: Person, skills: SkillCatalogue, as_of: date) -> dict[str, dict[str, Any]]:
    today = _number(as_of)
    rows = {}
    for skill, items in person.evidence.items():
        half_life = skills.half_life_days(skill)
        now = _estimate(items, half_life, today)
        effects = [
            (item, now.level - _estimate(_without(items, item), half_life, today).level) for item in items
        ]
        rows[skill] = {
            "as_of": as_of,
            "level": now.level,
            "confidence": now.confidence,
            "low": now.low,
            "high": now.high,
            "evidence_count": len(items),
            "unreviewed_share": now.unreviewed,
            "top_evidence": Ranking(effects),
            "mapping": skills.map["version"],
            "model": _MODEL,
        }
    return rows


# ── readiness ──


def _readiness(person: Person, skills: SkillCatalogue, as_of: date) -> dict[str, dict[str, Any]]:
    versions = {"profile": skills.profiles["version"], "mapping": skills.map["version"], "model": _MODEL}
    return {
        role["id"]: versions | {"as_of": as_of} | _role(role, person, skills, _number(as_of))
        for role in skills.profiles["roles"]
        if any(person.evidence.get(asked["skill"]) for asked in role["skills"])
    }


@dataclass(frozen=True, slots=True)
class _Standing:
    """One requirement and what the person brings."""

    skill: str
    required: float
    share: float
    weight: float
    critical: bool
    now: _Level

    def points(self, level: float) -> float:
        return 100 * self.share * min(1.0, max(0.0, (level - _PRIOR_LEVEL) / (self.required - _PRIOR_LEVEL)))

    @property
    def gap(self) -> float:
        return max(0.0, self.required - self.now.level)


def _role(role: Mapping[str, Any], person: Person, skills: SkillCatalogue, today: int) -> dict[str, Any]:
    total = sum(asked["weight"] for asked in role["skills"])
    evidence = {asked["skill"]: person.evidence.get(asked["skill"], []) for asked in role["skills"]}
    standings = [
        _Standing(
            asked["skill"],
            asked["required"],
            asked["weight"] / total,
            asked["weight"],
            asked.get("critical", False),
            _estimate(evidence[asked["skill"]], skills.half_life_days(asked["skill"]), today),
        )
        for asked in role["skills"]
    ]
    confidence = sum(one.share * one.now.confidence for one in standings)
    blocked_by = [one.skill for one in standings if one.critical and one.gap]
    enough = min([confidence, *(one.now.confidence for one in standings if one.critical)]) >= 0.3
    low, score, high = _interval(standings, 69.0 if blocked_by else 100.0)
    return {
        "score": score if enough else None,
        "low": low if enough else None,
        "high": high if enough else None,
        "confidence": confidence,
        "status": _status(standings, score, confidence) if enough else "insufficient_evidence",
        "blocked_by": blocked_by,
        "gaps": _gaps(standings),
        "top_evidence": Ranking(_effects(standings, evidence, skills, today)),
        "raise_most": _raise_most(standings),
    }


def _interval(standings: Sequence[_Standing], ceiling: float) -> tuple[float, float, float]:
    """(low, score, high); what is uncertain in each skill is taken as independent."""
    score = sum(one.points(one.now.level) for one in standings)
    down = hypot(*(one.points(one.now.level) - one.points(one.now.low) for one in standings))
    up = hypot(*(one.points(one.now.high) - one.points(one.now.level) for one in standings))
    return min(ceiling, max(0.0, score - down)), min(ceiling, score), min(ceiling, score + up)


def _status(standings: Sequence[_Standing], score: float, confidence: float) -> str:
    if sum(one.share * one.now.unreviewed for one in standings) > 0.5:
        return "review"
    if score < 70:
        return "developing"
    return "candidate" if confidence >= 0.6 else "review"


def _gaps(standings: Sequence[_Standing]) -> list[dict[str, Any]]:
    gaps = [
        {
            "skill": one.skill,
            "level": one.now.level,
            "required": float(one.required),
            "gap": one.gap,
            "priority": one.weight * one.gap / one.required,
            "confidence": one.now.confidence,
            "critical": one.critical,
        }
        for one in standings
        if one.gap
    ]
    return sorted(gaps, key=lambda gap: (-round(gap["priority"], 9), gap["skill"]))


def _effects(
    standings: Sequence[_Standing], evidence: Mapping[str, Sequence[Item]], skills: SkillCatalogue, today: int
) -> list[tuple[Item, float]]:
    effects = []
    for one in standings:
        items, half_life = evidence[one.skill], skills.half_life_days(one.skill)
        for item in items:
            rest = _estimate(_without(items, item), half_life, today)
            effects.append((item, one.points(one.now.level) - one.points(rest.level)))
    return effects


def _raise_most(standings: Sequence[_Standing]) -> str:
    """The gap whose closing lifts the published score most; where none does, the one worth most points."""
    missing = [one for one in standings if one.gap]
    before = sum(one.points(one.now.level) for one in standings)

    def lift(one: _Standing) -> tuple[float, float, str]:
        points = one.points(one.required) - one.points(one.now.level)
        blocked = any(other.critical and other.gap for other in standings if other is not one)
        return -round(min(before + points, 69.0 if blocked else 200.0), 9), -round(points, 9), one.skill

    return min(missing, key=lift).skill if missing else ""
