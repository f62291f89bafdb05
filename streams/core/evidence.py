"""Evidence: what a judged statement says about skills, as exact integers.

Weights and outcomes follow beta reputation (Jøsang and Ismail 2002): an item of weight w and outcome y
counts as w observations, of which w·y were favourable. They are kept in millionths, rounded half to even,
so that sums do not depend on order.
"""

from msgspec import Struct

from schemas.skill_map import ActivityMapping, SkillMap
from streams.core.judgement import Judgement

MILLIONTHS = 1_000_000

# How many observations one item of each class is worth.
CLASS_WEIGHT = {"assessed": 2.0, "observed": 4.0, "credential": 6.0, "exposure": 0.25, "self": 0.25}

# Outcomes where there is no score: clear of the pass mark's 0.7, on the side that the sender says.
SUCCEEDED, NOT_SUCCEEDED = 0.85, 0.35
AT_PASS_MARK = 0.7


class Evidence(Struct, frozen=True, array_like=True, gc=False):
    """One item: the fields of Avro `EvidenceItem`. `weight` is 10⁶·w, `outcome` is 10⁶·w·y."""

    skill: str
    evidence_class: str
    activity: str
    day: int
    event_ms: int
    statement_id: str
    weight: int
    outcome: int
    mapping: str
    reviewed: bool


def rated(score: float, pass_mark: float | None) -> float:
    """Outcome, 0 to 1, of a score: the pass mark moves to 0.7; without one the outcome is the score."""
    if pass_mark is None:
        return score
    if score < pass_mark:
        return AT_PASS_MARK * score / pass_mark
    return AT_PASS_MARK + (1 - AT_PASS_MARK) * (score - pass_mark) / (1 - pass_mark)


def evidence_class(mapping: ActivityMapping, judgement: Judgement) -> str:
    """The class of the item: the verb's, unless the mapping replaces it.

    A credential is held or it is not: an attempt at one that did not succeed stays an assessment.
    """
    replaced = mapping.evidence_class
    if replaced == "credential" and judgement.verb_class == "assessed" and judgement.success is not True:
        return judgement.verb_class
    return replaced or judgement.verb_class


def outcome(
    of_class: str, judgement: Judgement, score: float | None, pass_mark: float | None
) -> float | None:
    """Outcome y, 0 to 1, or None when the statement doesn't tell.

    A credential counts in full. Otherwise a score decides, then success. Having gone through something
    counts in full as exposure, and as a success where somebody observed it.
    """
    if of_class == "credential":
        return 1.0
    if score is not None:
        return rated(score, pass_mark)
    if judgement.success is not None:
        return SUCCEEDED if judgement.success else NOT_SUCCEEDED
    if judgement.verb_class == "assessed":
        return None
    return 1.0 if of_class == "exposure" else SUCCEEDED


class Occasion(Struct, frozen=True):
    """What all items of one statement share. `mastery` is the pass mark that the statement itself names."""

    statement_id: str
    event_us: int
    day: int
    credential: str
    score: float | None
    mastery: float | None


def collect(
    activity: str, judgement: Judgement, occasion: Occasion, skill_map: SkillMap
) -> tuple[Evidence, ...]:
    """The evidence of a judged statement about `activity`: one item for each skill that the map names."""
    found = (
        _item(mapping, activity, judgement, occasion, skill_map) for mapping in skill_map.matches(activity)
    )
    return tuple(item for item in found if item is not None)


def _item(
    mapping: ActivityMapping, activity: str, judgement: Judgement, occasion: Occasion, skill_map: SkillMap
) -> Evidence | None:
    if not skill_map.contributes(mapping):
        return None
    of_class = evidence_class(mapping, judgement)
    pass_mark = occasion.mastery if mapping.pass_mark is None else mapping.pass_mark
    y = outcome(of_class, judgement, occasion.score, pass_mark)
    trust = skill_map.reliability(occasion.credential) * mapping.confidence
    weight = round(MILLIONTHS * CLASS_WEIGHT[of_class] * trust)
    if y is None or weight == 0:
        return None
    return Evidence(
        skill=mapping.skill,
        evidence_class=of_class,
        activity=activity,
        day=occasion.day,
        event_ms=occasion.event_us // 1000,
        statement_id=occasion.statement_id,
        weight=weight,
        outcome=round(weight * y),
        mapping=skill_map.version,
        reviewed=mapping.reviewed,
    )
