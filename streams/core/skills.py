"""Skill levels: a decayed Beta estimate that can be explained item by item.

Beta reputation: Jøsang and Ismail 2002. Forward decay: Cormode et al., ICDE 2009. Evidence that grows
old draws the level towards the prior; that says that little is known, not that the person forgot.
"""

from collections.abc import Callable, Iterable, Mapping
from math import fsum
from operator import attrgetter
from typing import Any, NamedTuple

from msgspec import Struct
from scipy.special import betaincinv

from schemas.skill_map import Attempt
from streams.core.evidence import CLASS_WEIGHT, MILLIONTHS, Evidence

MODEL_VERSION = "decayed-beta-1"
# Two observations' worth of doubt around a level of 25: what is believed of somebody unknown.
PRIOR_WEIGHT, PRIOR_MEAN = 2.0, 0.25
# However often somebody goes through content or vouches for themselves, it amounts to this at most.
CLASS_CAP = {"exposure": 1.0, "self": 0.5}
INTERVAL = (0.05, 0.95)

Rank = tuple[float, int, str]

_RANKS: dict[Attempt, Callable[[Evidence], Rank]] = {
    "latest": lambda item: (0.0, item.event_ms, item.statement_id),
    "first": lambda item: (0.0, -item.event_ms, item.statement_id),
    "best": lambda item: (item.outcome / item.weight, item.event_ms, item.statement_id),
}

_activity = attrgetter("activity", "evidence_class")
_day_and_activity = attrgetter("day", "activity", "evidence_class")


def winners(items: Iterable[Evidence], attempts: Attempt) -> tuple[Evidence, ...]:
    """Of several attempts the one that counts, for each activity and class; ties go by statement id.

    `items` are of one persona and skill. Sorted by activity and class.
    """
    return _best(items, attempts, _activity)


def contenders(items: Iterable[Evidence], attempts: Attempt) -> tuple[Evidence, ...]:
    """The attempts that count on some day: now, before others were made, or once others are too old.

    Of those of one day the latest hides the others for good.
    """
    if attempts != "latest":
        return tuple(sorted(items, key=_by_activity))
    return _best(items, attempts, _day_and_activity)


def counting(items: Iterable[Evidence], attempts: Attempt, *, since: int, as_of: int) -> tuple[Evidence, ...]:
    """Of the contenders those that count on UTC day `as_of`, when what is from before `since` is too old."""
    return winners((item for item in items if since <= item.day <= as_of), attempts)


def _best(
    items: Iterable[Evidence], attempts: Attempt, of: Callable[[Evidence], tuple[Any, ...]]
) -> tuple[Evidence, ...]:
    """Of the items that have in common what `of` says the one that counts; sorted by that."""
    rank = _RANKS[attempts]
    best: dict[tuple[Any, ...], Evidence] = {}
    for item in items:
        common = of(item)
        known = best.get(common)
        if known is None or rank(item) > rank(known):
            best[common] = item
    return tuple(best[common] for common in sorted(best))


def _by_activity(item: Evidence) -> tuple[str, str, str]:
    return item.activity, item.evidence_class, item.statement_id


class ClassSum(NamedTuple):
    """Decayed weight `n`, favourable part `s` of it and unreviewed part of it, in observations."""

    n: float
    s: float
    unreviewed: float

    def without(self, item: Evidence, decay: float) -> "ClassSum":
        """The sums as if the item were not there."""
        weight = item.weight * decay / MILLIONTHS
        favourable = item.outcome * decay / MILLIONTHS
        return ClassSum(max(0.0, self.n - weight), max(0.0, self.s - favourable), self.unreviewed)


class Level(Struct, frozen=True):
    """A level in one skill on UTC day `as_of`.

    `level`, `low` and `high` (the 90 % interval) are 0 to 100, `confidence` and `unreviewed_share` (of the
    weight, resting on mappings that nobody reviewed) 0 to 1; `sums` is what they are made of, by class.
    """

    level: float
    confidence: float
    low: float
    high: float
    evidence_count: int
    unreviewed_share: float
    as_of: int
    half_life_days: float
    sums: Mapping[str, ClassSum]

    def without(self, item: Evidence) -> float:
        """The level, 0 to 100, as if one of its items were not there. Takes constant time."""
        if not _counts(item, self.as_of) or item.evidence_class not in self.sums:
            return self.level
        decay = decayed(self.as_of - item.day, self.half_life_days)
        reduced = self.sums[item.evidence_class].without(item, decay)
        return 100 * _mean(*_capped({**self.sums, item.evidence_class: reduced}))


def level(items: Iterable[Evidence], as_of: int, half_life_days: float) -> Level:
    """The level that the items of one skill, of one or several personas, amount to on UTC day `as_of`.

    Items after `as_of` do not count. The order of the items makes no difference to the last bit.
    """
    by_class: dict[str, list[Evidence]] = {}
    for item in items:
        if _counts(item, as_of):
            by_class.setdefault(item.evidence_class, []).append(item)
    sums = {
        name: _class_sum(by_class[name], as_of, half_life_days) for name in CLASS_WEIGHT if name in by_class
    }
    n, s = _capped(sums)
    alpha, beta = _parameters(n, s)
    low, high = (100 * float(betaincinv(alpha, beta, share)) for share in INTERVAL)
    return Level(
        level=100 * _mean(n, s),
        confidence=n / (n + PRIOR_WEIGHT),
        low=low,
        high=high,
        evidence_count=sum(map(len, by_class.values())),
        unreviewed_share=_unreviewed(sums) / n if n else 0.0,
        as_of=as_of,
        half_life_days=half_life_days,
        sums=sums,
    )


def decayed(age_days: int, half_life_days: float) -> float:
    """What an observation of that age still counts for, 0 to 1."""
    return float(2.0 ** (-age_days / half_life_days))


class Ablation(NamedTuple):
    """An item, and the level, 0 to 100, as if it were not there."""

    evidence: Evidence
    level: float


def ablations(of: Level, items: Iterable[Evidence]) -> tuple[Ablation, ...]:
    """The level without each of its items."""
    return tuple([Ablation(item, of.without(item)) for item in items])


class Contribution(NamedTuple):
    """An item and what it does to a figure: the figure with it minus the figure without it."""

    evidence: Evidence
    value: float


def most_telling(contributions: Iterable[Contribution], limit: int) -> tuple[Contribution, ...]:
    """The items that do most to a figure, up or down; ties go by statement id and activity."""

    def rank(entry: Contribution) -> tuple[float, str, str, str]:
        item = entry.evidence
        return -abs(entry.value), item.statement_id, item.activity, item.evidence_class

    return tuple(sorted(contributions, key=rank)[:limit])


def explain(of: Level, ablated: Iterable[Ablation], limit: int = 5) -> tuple[Contribution, ...]:
    """The items that do most to a level: what it is with each of them minus what it is without."""
    counting = [one for one in ablated if _counts(one.evidence, of.as_of)]
    return most_telling([Contribution(item, of.level - without) for item, without in counting], limit)


def _counts(item: Evidence, as_of: int) -> bool:
    return item.day <= as_of and item.weight > 0


def _class_sum(items: list[Evidence], as_of: int, half_life_days: float) -> ClassSum:
    """Sums are rounded once, at the end (`fsum`): that is what makes them free of order."""
    aged = [(item, decayed(as_of - item.day, half_life_days)) for item in items]
    return ClassSum(
        n=fsum([item.weight * decay for item, decay in aged]) / MILLIONTHS,
        s=fsum([item.outcome * decay for item, decay in aged]) / MILLIONTHS,
        unreviewed=fsum([item.weight * decay for item, decay in aged if not item.reviewed]) / MILLIONTHS,
    )


def _cap_factor(name: str, n: float) -> float:
    cap = CLASS_CAP.get(name)
    return 1.0 if cap is None or n <= cap else cap / n


def _capped(sums: Mapping[str, ClassSum]) -> tuple[float, float]:
    """(n, s) over all classes, each within its cap."""
    kept = [(_cap_factor(name, part.n), part) for name, part in sums.items()]
    return fsum([factor * part.n for factor, part in kept]), fsum([factor * part.s for factor, part in kept])


def _unreviewed(sums: Mapping[str, ClassSum]) -> float:
    return fsum([_cap_factor(name, part.n) * part.unreviewed for name, part in sums.items()])


def _parameters(n: float, s: float) -> tuple[float, float]:
    """Alpha and beta of the posterior."""
    return PRIOR_WEIGHT * PRIOR_MEAN + s, PRIOR_WEIGHT * (1 - PRIOR_MEAN) + n - s


def _mean(n: float, s: float) -> float:
    alpha, beta = _parameters(n, s)
    return alpha / (alpha + beta)
