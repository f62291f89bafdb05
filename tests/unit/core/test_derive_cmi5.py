"""cmi5: who reports what, and whose duration is time."""

import pytest

from streams.core.derive import Derived, Marks
from tests.unit.core.samples import (
    DAY,
    PUBLISHED_UNIT,
    REASON,
    REGISTRATION,
    SLOT,
    UNIT,
    cmi5,
    cmi5_allowed,
    derived,
    statement,
)

PASSED = {"score": {"scaled": 0.9}, "success": True, "duration": "PT30M"}


def counts(of: Derived) -> tuple[int, int, int, int]:
    return of.completions, of.passes, of.fails, of.sessions


def test_a_session_counts_once_from_launched_to_satisfied() -> None:
    session = [
        cmi5("launched"),
        cmi5("initialized"),
        cmi5("completed", result={"completion": True, "duration": "PT20M"}),
        cmi5("passed", result=PASSED),
        cmi5("terminated", result={"duration": "PT35M"}),
        cmi5("https://w3id.org/xapi/adl/verbs/satisfied"),
    ]
    totals = [counts(derived(one)) for one in session]
    assert tuple(map(sum, zip(*totals, strict=True))) == (1, 1, 0, 1)


def test_the_unit_is_known_by_its_publishers_name() -> None:
    passed = derived(cmi5("passed", result=PASSED))
    assert passed.activity == UNIT
    assert passed.registration == REGISTRATION
    assert [(item.skill, item.activity) for item in passed.evidence] == [("geology", PUBLISHED_UNIT)]


def test_the_mastery_score_is_the_pass_mark() -> None:
    (item,) = derived(cmi5("passed", result=PASSED, mastery=0.8)).evidence
    assert (item.weight, item.outcome) == (2_000_000, 1_700_000)  # y = 0.7 + 0.3 · (0.9 - 0.8) / 0.2
    (item,) = derived(cmi5("passed", result=PASSED, mastery=1)).evidence
    assert item.outcome == 1_800_000  # a mark of 1 is no mark


@pytest.mark.parametrize("verb", ["terminated", "https://w3id.org/xapi/adl/verbs/abandoned"])
def test_the_duration_of_the_end_of_a_session_is_active_time(verb: str) -> None:
    ended = derived(cmi5(verb, result={"duration": "PT35M"}))
    assert ended.marks == (Marks(DAY, SLOT - 7, SLOT),)
    assert ended.time_source == "cmi5"


@pytest.mark.parametrize("verb", ["completed", "passed", "failed"])
def test_durations_inside_a_session_overlap_it_and_are_not_added(verb: str) -> None:
    inside = derived(cmi5(verb, result={"duration": "PT35M"}))
    assert inside.marks == (Marks(DAY, SLOT, SLOT),)
    assert inside.time_source == "slots"


@pytest.mark.parametrize("duration", ["P1M", "P4W1D", None])
def test_an_end_without_a_usable_duration_marks_its_own_slot(duration: str | None) -> None:
    result = {} if duration is None else {"duration": duration}
    ended = derived(cmi5("terminated", result=result))
    assert (ended.marks, ended.time_source) == ((Marks(DAY, SLOT, SLOT),), "slots")


@pytest.mark.parametrize("mode", ["Browse", "Review"])
def test_browsing_and_reviewing_count_as_time_only(mode: str) -> None:
    passed = derived(cmi5("passed", result=PASSED, mode=mode))
    assert counts(passed) == (0, 0, 0, 0)
    assert passed.evidence == ()
    ended = derived(cmi5("terminated", result={"duration": "PT35M"}, mode=mode))
    assert ended.marks == (Marks(DAY, SLOT - 7, SLOT),)


def test_satisfied_is_no_evidence_and_no_activity() -> None:
    satisfied = derived(cmi5("https://w3id.org/xapi/adl/verbs/satisfied"))
    assert (satisfied.verb_class, satisfied.evidence, satisfied.marks) == ("none", (), ())
    assert counts(satisfied) == (0, 0, 0, 0)


@pytest.mark.parametrize(
    ("reason", "verb_class", "expected"),
    [
        ("Tested Out", "assessed", [("assessed", 2_000_000, 1_700_000)]),
        ("Equivalent AU", "exposure", [("exposure", 250_000, 250_000)]),
        ("Equivalent Outside Activity", "exposure", [("exposure", 250_000, 250_000)]),
        ("Administrative", "none", []),
        ("because", "none", []),
    ],
)
def test_a_waiver_is_worth_its_reason(
    reason: str, verb_class: str, expected: list[tuple[str, int, int]]
) -> None:
    result = {"success": reason == "Tested Out" or None, "completion": True, "extensions": {REASON: reason}}
    waived = derived(cmi5("https://w3id.org/xapi/adl/verbs/waived", result=result))
    assert waived.verb_class == verb_class
    assert [(item.evidence_class, item.weight, item.outcome) for item in waived.evidence] == expected
    assert (counts(waived), waived.marks) == ((0, 0, 0, 0), ())


def test_what_content_reports_about_parts_of_a_unit_is_not_the_units_result() -> None:
    parts = [
        cmi5_allowed("answered", f"{UNIT}/q1", result={"success": True, "score": {"scaled": 1}}),
        cmi5_allowed("passed", PUBLISHED_UNIT, result=PASSED),
        cmi5_allowed("initialized", f"{UNIT}/film"),
    ]
    for part in map(derived, parts):
        assert (counts(part), part.evidence) == ((0, 0, 0, 0), ())
        assert part.marks == (Marks(DAY, SLOT, SLOT),)


def test_the_publishers_name_is_not_looked_for_outside_cmi5() -> None:
    context = {"contextActivities": {"grouping": [{"id": PUBLISHED_UNIT}]}}
    assert derived(statement("passed", UNIT, context=context, result=PASSED)).evidence == ()
