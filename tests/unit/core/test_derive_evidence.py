"""Weights and outcomes of evidence, in exact millionths."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.core.evidence import rated
from tests.unit.core.samples import (
    CERTIFICATE,
    DAY,
    EVENT_US,
    QUIZ,
    SELF_CHECK,
    STATEMENT_ID,
    TASK,
    derived,
    statement,
)

UNREVIEWED_QUIZ = "https://learn.example.com/quiz/joins"


def only(verb: str, activity: str, result: dict[str, Any], credential: str = "lms") -> tuple[str, int, int]:
    (item,) = derived(statement(verb, activity, result=result), credential=credential).evidence
    return item.evidence_class, item.weight, item.outcome


@pytest.mark.parametrize(
    ("score", "pass_mark", "expected"),
    [
        (0.9, None, 0.9),
        (0.0, 0.7, 0.0),
        (0.35, 0.7, 0.35),
        (0.4, 0.8, 0.35),
        (0.8, 0.8, 0.7),
        (0.9, 0.8, 0.85),
        (1.0, 0.8, 1.0),
    ],
)
def test_the_pass_mark_moves_to_seven_tenths(score: float, pass_mark: float | None, expected: float) -> None:
    assert rated(score, pass_mark) == pytest.approx(expected, abs=1e-12)


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0.01, 0.99))
def test_a_better_score_is_never_a_worse_outcome(one: float, other: float, pass_mark: float) -> None:
    low, high = sorted((one, other))
    assert 0 <= rated(low, pass_mark) <= rated(high, pass_mark) <= 1


@pytest.mark.parametrize(
    ("verb", "result", "expected"),
    [
        ("scored", {"score": {"scaled": 0.9}}, ("assessed", 2_000_000, 1_800_000)),
        ("passed", {}, ("assessed", 2_000_000, 1_700_000)),
        ("failed", {}, ("assessed", 2_000_000, 700_000)),
        ("passed", {"score": {"scaled": 0.6}}, ("assessed", 2_000_000, 1_200_000)),
        ("completed", {}, ("exposure", 250_000, 250_000)),
        ("attended", {}, ("exposure", 250_000, 250_000)),
        ("completed", {"success": False}, ("exposure", 250_000, 87_500)),
    ],
)
def test_class_and_outcome_come_from_verb_and_result(
    verb: str, result: dict[str, Any], expected: tuple[str, int, int]
) -> None:
    assert only(verb, QUIZ, result) == expected


@pytest.mark.parametrize(
    ("verb", "result"), [("scored", {}), ("answered", {}), ("passed", {"success": False})]
)
def test_an_assessment_without_an_outcome_is_no_evidence(verb: str, result: dict[str, Any]) -> None:
    assert derived(statement(verb, result=result)).evidence == ()


def test_an_item_says_where_it_comes_from() -> None:
    (item,) = derived(statement("passed")).evidence
    assert (item.skill, item.activity, item.statement_id) == ("sql", QUIZ, STATEMENT_ID)
    assert (item.day, item.event_ms) == (DAY, EVENT_US // 1000)
    assert (item.mapping, item.reviewed) == ("2026.1", True)


def test_a_doubtful_mapping_waits_for_review() -> None:
    assert [item.skill for item in derived(statement("passed", QUIZ)).evidence] == ["sql"]


def test_confidence_and_source_reliability_weigh() -> None:
    assert only("passed", UNREVIEWED_QUIZ, {}) == ("assessed", 1_200_000, 1_020_000)
    assert only("passed", UNREVIEWED_QUIZ, {}, "bulk-import") == ("assessed", 600_000, 510_000)


@pytest.mark.parametrize(
    ("verb", "result", "expected"),
    [
        ("http://id.tincanapi.com/verb/earned", {}, ("credential", 6_000_000, 6_000_000)),
        ("passed", {"score": {"scaled": 0.75}}, ("credential", 6_000_000, 6_000_000)),
        ("completed", {}, ("credential", 6_000_000, 6_000_000)),
        ("failed", {}, ("assessed", 2_000_000, 700_000)),
        ("scored", {"score": {"scaled": 0.5}}, ("assessed", 2_000_000, 1_000_000)),
    ],
)
def test_a_credential_is_held_or_it_is_not(
    verb: str, result: dict[str, Any], expected: tuple[str, int, int]
) -> None:
    assert only(verb, CERTIFICATE, result) == expected


def test_an_award_without_a_score_is_a_credential_and_with_one_a_grade() -> None:
    earned = "http://id.tincanapi.com/verb/earned"
    assert only(earned, QUIZ, {}) == ("credential", 6_000_000, 6_000_000)
    assert only(earned, QUIZ, {"score": {"scaled": 0.7}}) == ("assessed", 2_000_000, 1_400_000)


def test_a_mapping_may_say_that_somebody_observed_it_or_that_it_is_a_self_assessment() -> None:
    assert only("completed", TASK, {}) == ("observed", 4_000_000, 3_400_000)
    assert only("failed", TASK, {}) == ("observed", 4_000_000, 1_400_000)
    assert only("scored", SELF_CHECK, {"score": {"scaled": 0.6}}) == ("self", 250_000, 150_000)
    assert derived(statement("experienced", TASK)).evidence == ()


@given(st.floats(0, 1, allow_nan=False))
def test_what_is_favourable_never_exceeds_the_weight(scaled: float) -> None:
    _, weight, outcome = only("scored", UNREVIEWED_QUIZ, {"score": {"scaled": scaled}})
    assert 0 <= outcome <= weight
