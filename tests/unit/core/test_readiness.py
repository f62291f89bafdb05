"""Readiness: scores that are withheld, blocked or published, and what would raise them."""

from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from schemas.role_profiles import Requirement, RoleProfile
from streams.core.evidence import Evidence
from streams.core.readiness import explain, readiness
from streams.core.skills import Level, ablations, level
from tests.unit.core.test_skills import ASSESSED, CREDENTIAL, TODAY, YEAR, item

NUMBERS = count(1000)


def role(*asked: tuple[str, float, float, bool]) -> RoleProfile:
    requirements = tuple(
        Requirement(skill=skill, required=required, weight=weight, critical=critical)
        for skill, required, weight, critical in asked
    )
    return RoleProfile(id="analyst", name="Analyst", skills=requirements)


def at(value: float, confidence: float = 0.8, *, spread: float = 5.0, unreviewed: float = 0.0) -> Level:
    """A level with figures of one's choice."""
    return Level(
        level=value,
        confidence=confidence,
        low=value - spread,
        high=value + spread,
        evidence_count=3,
        unreviewed_share=unreviewed,
        as_of=TODAY,
        half_life_days=YEAR,
        sums={},
    )


TWO = role(("sql", 75, 3, False), ("stories", 65, 1, False))


def test_the_score_is_the_weighted_way_from_the_prior_to_what_is_asked() -> None:
    result = readiness(TWO, {"sql": at(65), "stories": at(45)})
    # 100 · (3 · 40/50 + 1 · 20/40) / 4
    assert result.score == pytest.approx(72.5)
    assert result.confidence == pytest.approx(0.8)
    assert (result.role, result.blocked_by) == ("analyst", ())


def test_exceeding_one_skill_does_not_make_up_for_another() -> None:
    assert readiness(TWO, {"sql": at(99), "stories": at(25)}).score == pytest.approx(75)
    assert readiness(TWO, {"sql": at(5), "stories": at(65)}).score == pytest.approx(25)


@pytest.mark.parametrize(
    ("levels", "score_is_null"),
    [
        ({}, True),
        ({"sql": at(75, 0.3), "stories": at(65, 0.29)}, True),
        ({"sql": at(75, 0.3), "stories": at(65, 0.3)}, False),
        ({"sql": at(75, 0.9)}, False),
        ({"stories": at(65, 0.9)}, True),
    ],
)
def test_too_little_evidence_gives_no_score_instead_of_a_low_one(
    levels: dict[str, Level], *, score_is_null: bool
) -> None:
    result = readiness(TWO, levels)
    assert (result.score is None) == score_is_null
    assert (result.low is None, result.high is None) == (score_is_null, score_is_null)
    assert (result.status == "insufficient_evidence") == score_is_null


def test_a_critical_skill_without_evidence_withholds_the_score() -> None:
    asked = role(("sql", 75, 9, False), ("safety", 60, 1, True))
    result = readiness(asked, {"sql": at(80, 0.9), "safety": at(70, 0.29)})
    assert (result.score, result.status) == (None, "insufficient_evidence")
    assert result.confidence > 0.8


def test_a_critical_gap_holds_the_score_below_a_candidates() -> None:
    asked = role(("sql", 75, 9, False), ("safety", 60, 1, True))
    result = readiness(asked, {"sql": at(80), "safety": at(59)})
    assert (result.score, result.status, result.blocked_by) == (69, "developing", ("safety",))
    assert result.high == 69
    assert readiness(asked, {"sql": at(80), "safety": at(60)}).blocked_by == ()
    low = readiness(asked, {"sql": at(45), "safety": at(59)})
    assert low.score is not None
    assert low.score < 69


ONE = role(("sql", 75, 1, False))


@pytest.mark.parametrize(
    ("of", "status"),
    [
        (at(60, 0.6), "candidate"),
        (at(60, 0.59), "review"),
        (at(59.9, 0.9), "developing"),
        (at(75, 0.9, unreviewed=0.5), "candidate"),
        (at(75, 0.9, unreviewed=0.51), "review"),
        (at(30, 0.9, unreviewed=0.51), "review"),
        (at(75, 0.29), "insufficient_evidence"),
    ],
)
def test_status_thresholds(of: Level, status: str) -> None:
    assert readiness(ONE, {"sql": of}).status == status


def test_gaps_come_with_the_most_urgent_first() -> None:
    asked = role(
        ("sql", 80, 1, False), ("stories", 60, 3, False), ("leading", 50, 1, True), ("care", 40, 1, False)
    )
    levels = {"sql": at(60), "stories": at(50), "leading": at(50), "care": at(70)}
    result = readiness(asked, levels)
    assert [(gap.skill, gap.gap) for gap in result.gaps] == [("stories", 10), ("sql", 20)]
    assert [gap.priority for gap in result.gaps] == pytest.approx([3 * 10 / 60, 20 / 80])
    unknown = readiness(asked, {})
    assert [gap.level for gap in unknown.gaps] == [25.0] * 4
    assert {gap.skill for gap in unknown.gaps if gap.critical} == {"leading"}


def test_what_would_raise_the_score_most() -> None:
    assert readiness(TWO, {"sql": at(75), "stories": at(65)}).raise_most == ""
    assert readiness(TWO, {"sql": at(70), "stories": at(25)}).raise_most == "stories"
    assert readiness(TWO, {}).raise_most == "sql"


def test_closing_the_critical_gap_raises_a_blocked_score_most() -> None:
    asked = role(("sql", 75, 9, False), ("stories", 65, 3, False), ("safety", 60, 1, True))
    result = readiness(asked, {"sql": at(75), "stories": at(40), "safety": at(55)})
    assert (result.score, result.raise_most) == (69, "safety")


def test_where_two_critical_skills_block_the_one_with_more_points_is_named() -> None:
    asked = role(("sql", 75, 8, False), ("safety", 60, 1, True), ("care", 60, 2, True))
    result = readiness(asked, {"sql": at(75), "safety": at(55), "care": at(55)})
    assert (result.score, result.raise_most) == (69, "care")


def test_the_interval_of_one_skill_is_that_of_its_level() -> None:
    result = readiness(ONE, {"sql": at(50, spread=10)})
    assert (result.low, result.score, result.high) == pytest.approx((30, 50, 70))


def test_independent_errors_add_in_squares() -> None:
    asked = role(("sql", 75, 1, False), ("stories", 75, 1, False))
    result = readiness(asked, {"sql": at(50, spread=15), "stories": at(50, spread=20)})
    assert (result.low, result.score, result.high) == pytest.approx((25, 50, 75))


shares = st.floats(0, 1)
levels_of_anybody = st.builds(
    lambda value, confidence, spread, unreviewed: at(value, confidence, spread=spread, unreviewed=unreviewed),
    st.floats(0, 100),
    shares,
    st.floats(0, 60),
    shares,
)


@given(
    st.lists(
        st.tuples(st.floats(26, 100), st.floats(0.1, 9), st.booleans(), levels_of_anybody),
        min_size=1,
        max_size=5,
    )
)
def test_published_figures_are_ordered_and_within_bounds(
    asked: list[tuple[float, float, bool, Level]],
) -> None:
    profile = role(
        *[(f"s{n}", required, weight, critical) for n, (required, weight, critical, _) in enumerate(asked)]
    )
    result = readiness(profile, {f"s{n}": of for n, (*_, of) in enumerate(asked)})
    assert 0 <= result.confidence <= 1 + 1e-12
    if result.score is None or result.low is None or result.high is None:
        assert result.status == "insufficient_evidence"
    else:
        assert 0 <= result.low <= result.score <= result.high <= 100
        assert result.score <= 69 or not result.blocked_by
        assert (result.status == "candidate") <= (result.score >= 70)


def evidence_for(skill: str, *amounts: tuple[str, tuple[int, int]]) -> list[Evidence]:
    numbered = [item(of_class, pair, number=next(NUMBERS)) for of_class, pair in amounts]
    return [replace(one, skill=skill) for one in numbered]


def test_the_explanation_recomputes_the_score() -> None:
    sql = evidence_for("sql", ("assessed", ASSESSED), ("assessed", (2_000_000, 600_000)))
    stories = evidence_for("stories", ("credential", CREDENTIAL))
    unasked = evidence_for("care", ("credential", CREDENTIAL))
    levels = {"sql": level(sql, TODAY, YEAR), "stories": level(stories, TODAY, YEAR)}
    score = readiness(TWO, levels).score
    assert score is not None
    evidence = {"sql": sql, "stories": stories}
    ablated = {skill: ablations(levels[skill], items) for skill, items in evidence.items()}
    ablated["care"] = ablations(level(unasked, TODAY, YEAR), unasked)
    told = explain(TWO, levels, ablated)
    assert {entry.evidence for entry in told} == {*sql, *stories}
    for entry in told:
        rest = [one for one in sql if one is not entry.evidence]
        others = [one for one in stories if one is not entry.evidence]
        without = {"sql": level(rest, TODAY, YEAR), "stories": level(others, TODAY, YEAR)}
        points = 100 * (3 * attained(without["sql"], 75) + attained(without["stories"], 65)) / 4
        assert entry.value == pytest.approx(score - points, abs=1e-9)


def attained(of: Level, required: float) -> float:
    return min(max((of.level - 25) / (required - 25), 0), 1)
