"""Statements that follow no profile, and what is said of objects that are no activities."""

from collections.abc import Callable
from typing import Any

import orjson
import pytest

from streams.core.derive import Marks
from streams.core.statement import Underivable, read_statement
from tests.unit.core.samples import (
    DAY,
    EVENT_US,
    QUIZ,
    SLOT,
    STATEMENT_ID,
    STORED_US,
    cmi5,
    derived,
    statement,
)

SCORED = {"score": {"scaled": 0.8}, "success": True}


def test_a_plain_statement_is_read_whole() -> None:
    definition = {"name": {"de-DE": "SQL-Quiz", "en-GB": "SQL quiz"}}
    told = derived(
        statement(
            "passed",
            object={"id": QUIZ, "definition": definition},
            context={"registration": "71A448B1-A27C-41E6-AEE2-4DE9E0A6D0D6"},
            result=SCORED,
        )
    )
    assert (told.verb, told.verb_class) == ("http://adlnet.gov/expapi/verbs/passed", "assessed")
    assert (told.activity, told.activity_name) == (QUIZ, "SQL quiz")
    assert told.registration == "71a448b1-a27c-41e6-aee2-4de9e0a6d0d6"
    assert (told.event_us, told.skewed) == (EVENT_US, False)
    assert told.marks == (Marks(DAY, SLOT, SLOT),)
    assert (told.completions, told.passes, told.fails, told.sessions) == (0, 1, 0, 0)


@pytest.mark.parametrize(
    ("verb", "result", "expected"),
    [
        ("completed", {}, (1, 0, 0)),
        ("completed", {"completion": True}, (1, 0, 0)),
        ("completed", {"completion": False}, (0, 0, 0)),
        ("http://activitystrea.ms/schema/1.0/complete", {}, (1, 0, 0)),
        ("experienced", {"completion": True}, (1, 0, 0)),
        ("experienced", {}, (0, 0, 0)),
        ("passed", {}, (0, 1, 0)),
        ("passed", {"completion": True}, (1, 1, 0)),
        ("passed", {"success": False}, (0, 0, 0)),
        ("failed", {}, (0, 0, 1)),
        ("mastered", {}, (0, 1, 0)),
        ("scored", {"success": True}, (0, 1, 0)),
        ("scored", {"success": False}, (0, 0, 1)),
        ("scored", {"score": {"scaled": 1}}, (0, 0, 0)),
        ("answered", {"success": False}, (0, 0, 1)),
        ("completed", {"success": True}, (1, 0, 0)),
        ("registered", {"completion": True}, (0, 0, 0)),
    ],
)
def test_completions_passes_and_fails(
    verb: str, result: dict[str, Any], expected: tuple[int, int, int]
) -> None:
    told = derived(statement(verb, result=result))
    assert (told.completions, told.passes, told.fails) == expected


@pytest.mark.parametrize("result", [{"completion": False}, {"completion": False, "success": True}])
def test_what_is_not_completed_is_no_exposure(result: dict[str, Any]) -> None:
    assert derived(statement("completed", result=result)).evidence == ()


def test_a_question_of_a_quiz_counts_nothing_and_a_lone_question_counts() -> None:
    quiz = {"contextActivities": {"parent": [{"id": "https://learn.example.com/quiz/sql-final"}]}}
    item = derived(statement("answered", result={**SCORED, "completion": True}, context=quiz))
    assert (item.completions, item.passes, item.evidence) == (0, 0, ())
    alone = derived(statement("answered", result=SCORED))
    assert (alone.passes, [one.evidence_class for one in alone.evidence]) == (1, ["assessed"])


@pytest.mark.parametrize("verb", ["answered", "scored", "passed", "completed"])
@pytest.mark.parametrize(
    "definition",
    [{"interactionType": "choice"}, {"type": "http://adlnet.gov/expapi/activities/cmi.interaction"}],
)
def test_an_item_of_a_quiz_counts_nothing_whatever_verb_reports_it(
    verb: str, definition: dict[str, str]
) -> None:
    question = {"id": QUIZ, "definition": definition}
    quiz = {"contextActivities": {"parent": [{"id": "https://learn.example.com/quiz/sql-final"}]}}
    item = derived(statement(verb, object=question, result=SCORED, context=quiz))
    assert (item.completions, item.passes, item.evidence) == (0, 0, ())
    alone = derived(statement(verb, object=question, result=SCORED))
    assert len(alone.evidence) == 1


def test_a_parent_may_be_a_single_object() -> None:
    context = {"contextActivities": {"parent": {"id": "https://learn.example.com/quiz/sql-final"}}}
    assert derived(statement("answered", result=SCORED, context=context)).evidence == ()


@pytest.mark.parametrize("verb", ["registered", "imported", "asked"])
def test_acts_of_a_system_mark_no_activity(verb: str) -> None:
    told = derived(statement(verb))
    assert (told.verb_class, told.marks, told.evidence) == ("none", (), ())


@pytest.mark.parametrize("verb", ["experienced", "progressed", "interacted", "launched", "attempted"])
def test_engagement_is_no_evidence_even_with_a_score(verb: str) -> None:
    told = derived(statement(verb, result=SCORED))
    assert (told.verb_class, told.evidence) == ("engagement", ())
    assert told.marks == (Marks(DAY, SLOT, SLOT),)


def test_a_duration_outside_a_profile_is_not_active_time() -> None:
    told = derived(statement("experienced", result={"duration": "PT2H"}))
    assert (told.marks, told.time_source) == ((Marks(DAY, SLOT, SLOT),), "slots")


def test_a_plain_session_counts_where_it_is_initialized() -> None:
    verbs = ["launched", "initialized", "resumed", "terminated", "http://activitystrea.ms/start"]
    assert [derived(statement(verb)).sessions for verb in verbs] == [0, 1, 0, 0, 1]


@pytest.mark.parametrize(
    "obj",
    [
        {"objectType": "StatementRef", "id": STATEMENT_ID},
        {"objectType": "Agent", "mbox": "mailto:bob@example.com", "id": QUIZ},
        {"objectType": "Group", "mbox": "mailto:team@example.com", "id": QUIZ},
        {
            "objectType": "SubStatement",
            "id": QUIZ,
            "actor": {"mbox": "mailto:ada@example.com"},
            "verb": {"id": "http://adlnet.gov/expapi/verbs/passed"},
            "object": {"id": QUIZ},
            "result": SCORED,
        },
    ],
)
def test_objects_that_are_no_activities_give_no_evidence(obj: dict[str, Any]) -> None:
    told = derived(statement("passed", object=obj, result={**SCORED, "completion": True}))
    assert (told.activity, told.evidence) == ("", ())
    assert (told.completions, told.passes, told.fails) == (0, 0, 0)
    assert told.marks == (Marks(DAY, SLOT, SLOT),)


def test_a_group_credits_nobody() -> None:
    team = {"objectType": "Group", "mbox": "mailto:team@example.com", "member": [{"mbox": "mailto:a@b.c"}]}
    told = derived(statement("passed", actor=team, result=SCORED))
    assert (told.evidence, told.passes) == ((), 0)


def test_a_clock_ahead_is_flagged_and_stored_counts() -> None:
    early = derived(statement("passed"), stored_us=EVENT_US - 3_600_000_000)
    assert (early.event_us, early.skewed) == (EVENT_US - 3_600_000_000, True)
    assert early.marks == (Marks(DAY, SLOT - 12, SLOT - 12),)


def test_a_missing_timestamp_is_stored() -> None:
    told = statement("passed", result=SCORED)
    del told["timestamp"]
    read = derived(told, stored_us=STORED_US)
    assert (read.event_us, read.skewed) == (STORED_US, False)
    assert {item.event_ms for item in read.evidence} == {STORED_US // 1000}


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        ({"verb": {}}, "no_verb"),
        ({"verb": {"id": ""}}, "no_verb"),
        ({"verb": "passed"}, "no_verb"),
        ({"timestamp": "last Tuesday"}, "bad_timestamp"),
        ({"timestamp": ""}, "bad_timestamp"),
        ({"timestamp": "2026-02-30T00:00:00Z"}, "bad_timestamp"),
        ({"timestamp": "1772618832"}, "bad_timestamp"),
        ({"timestamp": 1_772_618_832}, "bad_timestamp"),
    ],
)
def test_what_cannot_be_processed_is_named(broken: dict[str, Any], reason: str) -> None:
    with pytest.raises(Underivable) as caught:
        derived({**statement("passed"), **broken})
    assert caught.value.reason_code == reason
    assert caught.value.detail


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (b"", "not_json"),
        (b"{", "not_json"),
        (b'{"verb": {"id": "http://example.com/v"}, "object": {"id": "\\ud800"}}', "not_json"),
        (b'{"x":' + b"[" * 5000 + b"]" * 5000 + b"}", "not_json"),
        (b"[]", "not_an_object"),
        (b"7", "not_an_object"),
    ],
)
def test_what_is_no_statement_is_named(text: bytes, reason: str) -> None:
    with pytest.raises(Underivable) as caught:
        read_statement(text)
    assert caught.value.reason_code == reason


@pytest.mark.parametrize(
    "timestamp",
    [
        "2026-03-04T10:07:12.250Z",
        "2026-03-04T11:07:12.25+01:00",
        "2026-03-04T00:07:12.2500004-10:00",
        "2026-03-04T10:07:12.250",
    ],
)
def test_timestamps_are_converted_to_utc(timestamp: str) -> None:
    assert derived(statement("passed", timestamp=timestamp)).event_us == EVENT_US


@pytest.mark.parametrize("word", ["Group", "\\u0047roup", "Gr\\u006fup"])
def test_a_group_is_known_however_it_is_spelt(word: str) -> None:
    text = orjson.dumps(statement("passed")).replace(b'"Agent"', f'"{word}"'.encode())
    assert read_statement(text).is_by_group


def test_a_long_statement_reads_as_a_short_one_does() -> None:
    told = statement("passed", result=SCORED)
    long = {**told, "result": {**SCORED, "response": "x" * 10_000}}
    assert read_statement(orjson.dumps(long)) == read_statement(orjson.dumps(told))


@pytest.mark.parametrize(
    "odd",
    [
        {"context": []},
        {"context": {"contextActivities": "none", "extensions": 3, "registration": 7}},
        {"context": {"contextActivities": {"category": [None, {"id": 5}], "grouping": "x"}}},
        {"result": "good"},
        {"result": {"score": 5, "duration": 6, "extensions": []}},
        {"object": None},
        {"object": {"id": 5, "definition": {"name": "quiz"}}},
        {"actor": None},
    ],
)
def test_malformed_parts_are_as_good_as_absent(odd: dict[str, Any]) -> None:
    told = derived(statement("experienced", **odd))
    assert (told.evidence, told.marks) == ((), (Marks(DAY, SLOT, SLOT),))


@pytest.mark.parametrize("of", [statement, cmi5])
def test_outside_scorm_the_end_of_a_session_is_no_verdict(of: Callable[..., dict[str, Any]]) -> None:
    told = derived(of("terminated", result={**SCORED, "duration": "PT5M"}))
    assert (told.verb_class, told.passes, told.evidence) == ("engagement", 0, ())
