"""Levels: the published check values, caps, decay, attempts, and the explanation of every item."""

from collections.abc import Iterable
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from scipy.stats import beta

from schemas.skill_map import Attempt
from streams.core.evidence import CLASS_WEIGHT, Evidence
from streams.core.skills import Contribution, ablations, contenders, counting, explain, level, winners

TODAY, YEAR = 20_600, 365
EXPOSURE, ASSESSED, CREDENTIAL = (250_000, 250_000), (2_000_000, 1_800_000), (6_000_000, 6_000_000)


def item(
    evidence_class: str = "assessed",
    amounts: tuple[int, int] = ASSESSED,
    *,
    number: int = 0,
    day: int = TODAY,
    reviewed: bool = True,
) -> Evidence:
    return Evidence(
        skill="sql",
        evidence_class=evidence_class,
        activity=f"https://learn.example.com/{number}",
        day=day,
        event_ms=day * 86_400_000 + number,
        statement_id=f"statement-{number:04}",
        weight=amounts[0],
        outcome=amounts[1],
        mapping="2026.1",
        reviewed=reviewed,
    )


def several(count: int, evidence_class: str, amounts: tuple[int, int]) -> list[Evidence]:
    return [item(evidence_class, amounts, number=number) for number in range(count)]


@st.composite
def evidence(draw: st.DrawFn) -> Evidence:
    evidence_class = draw(st.sampled_from(sorted(CLASS_WEIGHT)))
    weight = draw(st.integers(1, round(1_000_000 * CLASS_WEIGHT[evidence_class])))
    return item(
        evidence_class,
        (weight, draw(st.integers(0, weight))),
        number=draw(st.integers(0, 9)),
        day=draw(st.integers(TODAY - 2000, TODAY)),
        reviewed=draw(st.booleans()),
    )


def distinct(items: Iterable[Evidence]) -> list[Evidence]:
    return list({one.statement_id: one for one in items}.values())


portfolios = st.lists(evidence(), max_size=8).map(distinct)


@pytest.mark.parametrize(
    ("items", "as_of", "expected", "confidence"),
    [
        ([], TODAY, 25.0, 0.0),
        (several(1, "exposure", EXPOSURE), TODAY, 33.3, 0.11),
        (several(50, "exposure", EXPOSURE), TODAY, 50.0, 0.33),
        (several(1, "assessed", ASSESSED), TODAY, 57.5, 0.50),
        (several(2, "assessed", ASSESSED), TODAY, 68.3, 0.67),
        (several(3, "assessed", ASSESSED), TODAY, 73.75, 0.75),
        (several(3, "assessed", ASSESSED), TODAY + YEAR, 64.0, 0.60),
        (several(1, "credential", CREDENTIAL), TODAY, 81.25, 0.75),
    ],
)
def test_check_values(items: list[Evidence], as_of: int, expected: float, confidence: float) -> None:
    estimate = level(items, as_of, YEAR)
    assert estimate.level == pytest.approx(expected, abs=0.05)
    assert estimate.confidence == pytest.approx(confidence, abs=0.005)
    assert estimate.evidence_count == len(items)


def test_the_interval_is_made_of_beta_quantiles() -> None:
    estimate = level(several(2, "assessed", ASSESSED), TODAY, YEAR)
    posterior = beta(0.5 + 3.6, 1.5 + 0.4)
    assert estimate.low == pytest.approx(100 * posterior.ppf(0.05), abs=1e-9)
    assert estimate.high == pytest.approx(100 * posterior.ppf(0.95), abs=1e-9)


def test_exposure_and_self_assessment_are_capped() -> None:
    assert level(several(400, "exposure", EXPOSURE), TODAY, YEAR).level == pytest.approx(50.0)
    vouching = level(several(400, "self", EXPOSURE), TODAY, YEAR)
    assert vouching.level == pytest.approx(100 * (0.5 + 0.5) / 2.5)
    assert vouching.confidence == pytest.approx(0.5 / 2.5)


def test_old_evidence_counts_half_after_a_half_life() -> None:
    assert level([item()], TODAY + 200, 200).confidence == pytest.approx(1 / 3)
    assert level([item()], TODAY + 400, 200).confidence == pytest.approx(0.5 / 2.5)


def test_the_unreviewed_share_is_of_the_weight_that_counts() -> None:
    items = [item(number=1), item("credential", CREDENTIAL, number=2, reviewed=False)]
    assert level(items, TODAY, YEAR).unreviewed_share == pytest.approx(0.75)
    capped = [item("exposure", EXPOSURE, number=number, reviewed=False) for number in range(40)]
    assert level([item(number=99), *capped], TODAY, YEAR).unreviewed_share == pytest.approx(1 / 3)
    assert level([], TODAY, YEAR).unreviewed_share == 0


@given(portfolios, st.data())
def test_the_order_of_evidence_makes_no_difference_to_the_last_bit(
    items: list[Evidence], data: st.DataObject
) -> None:
    assert level(data.draw(st.permutations(items)), TODAY, YEAR) == level(items, TODAY, YEAR)


@given(portfolios, portfolios)
def test_as_of_never_changes_when_later_evidence_arrives(
    items: list[Evidence], others: list[Evidence]
) -> None:
    later = [replace(one, day=one.day + 3000) for one in others]
    assert level([*later, *items], TODAY, YEAR) == level(items, TODAY, YEAR)
    assert explained([*later, *items]) == explained(items)


def explained(items: list[Evidence], limit: int = 5) -> tuple[Contribution, ...]:
    of = level(items, TODAY, YEAR)
    return explain(of, ablations(of, items), limit)


@given(portfolios.filter(bool), st.sampled_from([30.0, 200.0, 365.0]))
def test_a_contribution_is_the_level_with_the_item_minus_the_level_without_it(
    items: list[Evidence], half_life_days: float
) -> None:
    whole = level(items, TODAY, half_life_days)
    contributions = dict(explain(whole, ablations(whole, items), limit=len(items)))
    for one in items:
        rest = level([other for other in items if other is not one], TODAY, half_life_days)
        assert whole.without(one) == pytest.approx(rest.level, abs=1e-9)
        assert contributions[one] == pytest.approx(whole.level - rest.level, abs=1e-9)


@given(portfolios)
def test_levels_stay_within_their_interval_and_bounds(items: list[Evidence]) -> None:
    estimate = level(items, TODAY, YEAR)
    assert 0 <= estimate.low <= estimate.high <= 100
    assert 0 < estimate.level < 100
    assert 0 <= estimate.confidence < 1
    assert 0 <= estimate.unreviewed_share <= 1 + 1e-12


def test_the_explanation_has_the_strongest_items_first_whatever_their_direction() -> None:
    failed = item(amounts=(2_000_000, 0), number=1)
    passed = item("credential", CREDENTIAL, number=2)
    watched = item("exposure", EXPOSURE, number=3)
    told = explained([watched, failed, passed], limit=2)
    assert [entry.evidence for entry in told] == [passed, failed]
    assert told[0].value > 0 > told[1].value


def test_the_latest_attempt_counts_and_the_runner_up_returns_when_it_is_voided() -> None:
    first = item(number=1, day=TODAY - 10)
    second = replace(first, day=TODAY, event_ms=first.event_ms + 1, statement_id="retake", outcome=0)
    assert winners([first, second], "latest") == (second,)
    assert winners([first], "latest") == (first,)


def test_a_retake_never_adds_confidence() -> None:
    attempts = [replace(item(), event_ms=number, statement_id=f"try-{number}") for number in range(9)]
    assert (
        level(winners(attempts, "latest"), TODAY, YEAR).confidence == level([item()], TODAY, YEAR).confidence
    )


def test_other_policies_count_the_first_or_the_best_attempt() -> None:
    outcomes = [900_000, 1_900_000, 400_000]
    tries = [
        replace(item(), event_ms=number, statement_id=f"try-{number}", outcome=outcome)
        for number, outcome in enumerate(outcomes)
    ]
    chosen: dict[Attempt, Evidence] = {"first": tries[0], "best": tries[1], "latest": tries[2]}
    assert {policy: winners(tries, policy) for policy in chosen} == {
        policy: (one,) for policy, one in chosen.items()
    }


@given(
    st.lists(evidence(), max_size=10),
    st.sampled_from(get_args(Attempt)),
    st.integers(TODAY - 10, TODAY + 1),
    st.integers(TODAY - 10, TODAY + 1),
)
def test_contenders_tell_what_counts_on_any_day(
    items: list[Evidence], attempts: Attempt, since: int, as_of: int
) -> None:
    dated = (replace(one, day=TODAY - 10 + one.day % 12) for one in items)
    named = [
        replace(one, statement_id=f"s-{place}", event_ms=one.day * 86_400_000 + place)
        for place, one in enumerate(dated)
    ]
    sent = contenders(named, attempts)
    for day, oldest in ((as_of, since), (TODAY, -1)):
        known = [one for one in named if oldest <= one.day <= day]
        assert counting(sent, attempts, since=oldest, as_of=day) == winners(known, attempts)


@given(st.lists(evidence(), max_size=10), st.sampled_from(get_args(Attempt)), st.data())
def test_winners_do_not_depend_on_order_or_repetition(
    items: list[Evidence], attempts: Attempt, data: st.DataObject
) -> None:
    named = [replace(one, statement_id=f"s-{place}") for place, one in enumerate(items)]
    won = winners(named, attempts)
    assert winners(data.draw(st.permutations(named + named)), attempts) == won
    keys = [(one.activity, one.evidence_class) for one in won]
    assert keys == sorted({(one.activity, one.evidence_class) for one in named})
