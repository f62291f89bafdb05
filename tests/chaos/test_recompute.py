"""The recount itself: anchored in published values, loud about what it does not know, able to disagree."""

from datetime import timedelta
from typing import Any

import pytest

from tests.chaos.compare import differing, same
from tests.chaos.reading import Unsupported
from tests.chaos.recompute import Cell, recompute
from tests.chaos.samples import ADL, CATALOGUE, TODAY, judged, linked, log, said, voided


def cells(*statements: dict[str, Any], links: tuple[dict[str, Any], ...] = ()) -> dict[Cell, Any]:
    """The recount of a small log."""
    return recompute(log(*statements, links=links), CATALOGUE, TODAY)


# Levels and confidences as published for a half-life of a year.
@pytest.mark.parametrize(
    ("statements", "level", "confidence"),
    [
        ([said(1, "completed")], 33.3, 0.11),
        ([said(number, "completed") for number in range(50)], 50.0, 0.33),
        ([judged(1, 0.9)], 57.5, 0.50),
        ([judged(1, 0.9), judged(2, 0.9)], 68.3, 0.67),
        ([judged(number, 0.9) for number in range(3)], 73.8, 0.75),
        ([judged(number, 0.9, days_ago=365) for number in range(3)], 64.0, 0.60),
        ([said(1, "completed", "certificate/1")], 81.2, 0.75),
    ],
)
def test_levels_are_the_published_ones(
    statements: list[dict[str, Any]], level: float, confidence: float
) -> None:
    found = cells(*statements)
    assert found["skills", "lena", "sql", "level"] == pytest.approx(level, abs=0.06)
    assert found["skills", "lena", "sql", "confidence"] == pytest.approx(confidence, abs=0.005)


def test_a_retake_replaces_and_its_void_restores_the_runner_up() -> None:
    first, retake = judged(1, 0.9, "quiz", days_ago=2), judged(2, 0.3, "quiz")
    level = "skills", "lena", "sql", "level"
    assert cells(first, retake)[level] == cells(retake)[level]
    assert (
        cells(first, retake, voided(3, 2))[level] == cells(voided(3, 2), first)[level] == cells(first)[level]
    )


def test_counts_slots_and_label() -> None:
    found = cells(
        said(1, "experienced", days_ago=20),
        said(2, "completed", days_ago=9),
        said(2, "completed", days_ago=9),
        said(3, "registered", days_ago=1),
    )
    month = {name: value for (_, _, what, name), value in found.items() if what == "30"}
    assert (month["statements"], month["completions"], month["active_days"]) == (3, 1, 2)
    assert (month["active_minutes"], month["label"]) == (10, "disengaging")
    assert month["last_active_day"] == TODAY - timedelta(days=9)


def test_days_count_for_400_days_and_evidence_for_five_years() -> None:
    tables = [
        {table for table, *_ in cells(judged(1, 0.9, days_ago=days))} for days in (399, 400, 1824, 1825)
    ]
    scored = {"skills", "readiness"}
    assert tables == [{"engagement", *scored}, scored, scored, set()]


def test_the_most_trusted_link_in_force_owns_the_day() -> None:
    statement = judged(1, 0.9)
    assert _persons(statement, linked("by mail"), linked("by sso", "sso_guid")) == {"by sso"}
    assert _persons(statement, linked("by sso", "sso_guid"), linked("by mail")) == {"by sso"}
    assert _persons(statement, linked("gone", valid_to=1)) == {"lena"}
    assert _persons(statement, linked("hr"), linked("hr", "human", "unlink")) == {"lena"}


def _persons(statement: dict[str, Any], *links: dict[str, Any]) -> set[str]:
    return {cell[1] for cell in cells(statement, links=links)}


@pytest.mark.parametrize(
    "statement",
    [
        said(1, "danced"),
        said(1, "scored", context={"contextActivities": {"category": [{"id": "https://example.com/own"}]}}),
        said(
            1, "passed", context={"contextActivities": {"category": [{"id": "https://w3id.org/xapi/scorm"}]}}
        ),
        said(1, "experienced", actor={"objectType": "Group", "member": []}),
        said(1, "experienced", object={"objectType": "Agent", "mbox": "mailto:mia@example.com", "id": ""}),
        said(1, "completed", result={"completion": "yes"}),
        judged(1, 0.9, days_ago=-1) | {"timestamp": "2026-07-01T00:00:00Z"},
    ],
)
def test_what_is_not_covered_is_refused(statement: dict[str, Any]) -> None:
    accepted = log(statement)
    accepted.statements[0].value["stored_at"] += 2 * 86_400_000_000
    with pytest.raises(Unsupported):
        recompute(accepted, CATALOGUE, TODAY)


def test_one_id_with_two_meanings_is_refused() -> None:
    with pytest.raises(Unsupported):
        cells(judged(1, 0.9), said(1, "experienced"))


def test_every_kind_of_difference_is_found() -> None:
    recounted = cells(judged(1, 0.9), judged(2, 0.5))
    published = {cell: _published(value) for cell, value in recounted.items()}
    assert differing(recounted, published) == []
    for cell, value in published.items():
        for damaged in _damaged(value):
            assert len(differing(recounted, published | {cell: damaged})) == 1, (cell, damaged)
        without = {name: kept for name, kept in published.items() if name != cell}
        assert len(differing(recounted, without)) == 1
    assert len(differing(recounted, published | {("skills", "mia", "sql", "level"): 25.0})) == 1


def _published(value: Any) -> Any:
    """A value as ClickHouse would hold it: of a ranking the five items that do most."""
    if not hasattr(value, "effects"):
        return value
    ranked = sorted(value.effects, key=lambda entry: -abs(entry[1]))[:5]
    return [
        {
            "statement_id": item.statement_id,
            "persona_id": item.persona,
            "evidence_class": item.kind,
            "activity": item.activity,
            "day": item.day,
            "contribution": effect,
        }
        for item, effect in ranked
    ]


def _damaged(value: Any) -> list[Any]:
    match value:
        case float():
            return [value + 1e-7, None]
        case int():
            return [value + 1]
        case [dict() as first, *rest]:
            return [rest, [first, first, *rest], *([{**first, name: "other"}, *rest] for name in first)]
        case list():
            return [["other", *value]]
        case _:
            return ["other"]


def test_floats_agree_to_nine_digits() -> None:
    assert same(57.5, 57.5 + 1e-9)
    assert not same(57.5, 57.5 + 1e-7)
    assert not same(57.5, None)


def test_verbs_of_another_vocabulary_are_not_taken_for_ones_own() -> None:
    foreign = said(1, "passed") | {"verb": {"id": ADL.replace("adlnet", "elsewhere") + "passed"}}
    with pytest.raises(Unsupported):
        cells(foreign)
