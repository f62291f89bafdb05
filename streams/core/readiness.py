"""Readiness for a role: how far somebody's levels reach what a profile asks for, and what stands between.

A suggestion to people, never a decision. Engagement does not enter it: it would stand for part-time
work, leave or disability. Too little evidence gives no score, not a low one.
"""

from collections.abc import Iterable, Mapping
from math import fsum, sqrt

from msgspec import Struct

from schemas.role_profiles import PRIOR_LEVEL, Requirement, RoleProfile
from streams.core.skills import Ablation, Contribution, Level, level, most_telling

ENOUGH_CONFIDENCE = 0.3
CANDIDATE_CONFIDENCE = 0.6
CANDIDATE_SCORE = 70.0
# The highest score while a critical skill is missing: just below that of a candidate.
BLOCKED_SCORE = 69.0
UNREVIEWED_LIMIT = 0.5


class Gap(Struct, frozen=True):
    """How far one skill is from what the profile asks. `priority` is weight times gap over required level."""

    skill: str
    level: float
    required: float
    gap: float
    priority: float
    confidence: float
    critical: bool


class Readiness(Struct, frozen=True):
    """Readiness for `role`: score and its 90 % interval 0 to 100, None when there is too little evidence.

    `status` is insufficient_evidence, developing, review or candidate. `blocked_by` names the critical
    skills that hold the score down. `gaps` has the most urgent first. `raise_most` is the skill whose
    closing would raise the score most, empty when none is missing.
    """

    role: str
    score: float | None
    low: float | None
    high: float | None
    confidence: float
    status: str
    blocked_by: tuple[str, ...]
    gaps: tuple[Gap, ...]
    raise_most: str


class _Standing(Struct, frozen=True):
    """One requirement and where the person stands; `share` is its part of the profile's weight.

    `points` is what the level gives of the score, `gap` how far it is from what is asked.
    """

    asked: Requirement
    level: Level
    share: float
    points: float
    gap: float

    @classmethod
    def of(cls, asked: Requirement, level: Level, share: float) -> "_Standing":
        gap = asked.required - level.level
        return cls(asked, level, share, _points(asked, share, level.level), gap if gap > 0 else 0.0)

    def points_at(self, value: float) -> float:
        """Points of the score that another level in this skill would give."""
        return _points(self.asked, self.share, value)

    @property
    def blocks(self) -> bool:
        return self.asked.critical and self.gap > 0


def _points(asked: Requirement, share: float, level: float) -> float:
    """Points of the score: how much of the way from the prior to the required level the level covers."""
    attained = (level - PRIOR_LEVEL) / (asked.required - PRIOR_LEVEL)
    return 100 * share * (0.0 if attained < 0.0 else min(attained, 1.0))


def readiness(profile: RoleProfile, levels: Mapping[str, Level]) -> Readiness:
    """Readiness for a role from the person's levels by skill id; a skill without a level is at the prior."""
    standings = _standings(profile, levels)
    confidence = fsum([standing.share * standing.level.confidence for standing in standings])
    blocked_by = tuple(standing.asked.skill for standing in standings if standing.blocks)
    low, score, high = (_capped(points, blocked=bool(blocked_by)) for points in _interval(standings))
    enough = _is_enough(standings, confidence)
    return Readiness(
        role=profile.id,
        score=score if enough else None,
        low=low if enough else None,
        high=high if enough else None,
        confidence=confidence,
        status=_status(standings, score, confidence) if enough else "insufficient_evidence",
        blocked_by=blocked_by,
        gaps=_gaps(standings),
        raise_most=_raise_most(standings, score),
    )


def explain(
    profile: RoleProfile,
    levels: Mapping[str, Level],
    ablated: Mapping[str, Iterable[Ablation]],
    limit: int = 5,
) -> tuple[Contribution, ...]:
    """The items, by skill, that do most to the score, before it is capped for a critical gap."""
    contributions = [
        Contribution(item, standing.points - standing.points_at(without))
        for standing in _standings(profile, levels)
        for item, without in ablated.get(standing.asked.skill, ())
    ]
    return most_telling(contributions, limit)


def _standings(profile: RoleProfile, levels: Mapping[str, Level]) -> list[_Standing]:
    total = fsum([asked.weight for asked in profile.skills])
    return [
        _Standing.of(asked, levels.get(asked.skill) or _UNKNOWN, asked.weight / total)
        for asked in profile.skills
    ]


_UNKNOWN = level((), as_of=0, half_life_days=1.0)


def _interval(standings: list[_Standing]) -> tuple[float, float, float]:
    """(low, score, high): errors of the skills are taken as independent and added in squares, each end by
    itself because a Beta interval is not symmetric."""
    score = min(100.0, _sum_of_points(standings))
    below = [standing.points - standing.points_at(standing.level.low) for standing in standings]
    above = [standing.points_at(standing.level.high) - standing.points for standing in standings]
    return max(0.0, score - _root_of_squares(below)), score, min(100.0, score + _root_of_squares(above))


def _sum_of_points(standings: list[_Standing]) -> float:
    return fsum([standing.points for standing in standings])


def _root_of_squares(values: list[float]) -> float:
    return sqrt(fsum([value * value for value in values]))


def _capped(score: float, *, blocked: bool) -> float:
    return min(score, BLOCKED_SCORE) if blocked else score


def _is_enough(standings: list[_Standing], confidence: float) -> bool:
    critical = [standing.level.confidence for standing in standings if standing.asked.critical]
    return min([confidence, *critical]) >= ENOUGH_CONFIDENCE


def _status(standings: list[_Standing], score: float, confidence: float) -> str:
    unreviewed = fsum([standing.share * standing.level.unreviewed_share for standing in standings])
    if unreviewed > UNREVIEWED_LIMIT:
        return "review"
    if score < CANDIDATE_SCORE:
        return "developing"
    return "candidate" if confidence >= CANDIDATE_CONFIDENCE else "review"


def _gaps(standings: list[_Standing]) -> tuple[Gap, ...]:
    gaps = [
        Gap(
            skill=standing.asked.skill,
            level=standing.level.level,
            required=standing.asked.required,
            gap=standing.gap,
            priority=standing.asked.weight * standing.gap / standing.asked.required,
            confidence=standing.level.confidence,
            critical=standing.asked.critical,
        )
        for standing in standings
        if standing.gap > 0
    ]
    return tuple(sorted(gaps, key=lambda gap: (-gap.priority, gap.skill)))


def _raise_most(standings: list[_Standing], score: float) -> str:
    """The gap whose closing gives the highest published score; where none changes that, the most points."""
    missing = [standing for standing in standings if standing.gap > 0]
    if not missing:
        return ""
    points, blocking = _sum_of_points(standings), [standing for standing in missing if standing.blocks]

    def rank(standing: _Standing) -> tuple[float, float, str]:
        gained = standing.points_at(standing.asked.required) - standing.points
        still_blocked = any(other is not standing for other in blocking)
        published = _capped(points + gained, blocked=still_blocked)
        return -(published - score), -gained, standing.asked.skill

    return min(missing, key=rank).asked.skill
