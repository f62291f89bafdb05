"""The SCORM and video profiles: the status is in terminated; what is cumulative is never added."""

from typing import Any

import pytest

from streams.core.derive import Marks
from tests.unit.core.samples import DAY, SLOT, VIDEO, derived, scorm, video


def test_the_result_of_terminated_is_the_status() -> None:
    ended = derived(
        scorm("terminated", score={"scaled": 0.85}, success=True, completion=True, duration="PT1H")
    )
    assert (ended.verb_class, ended.completions, ended.passes, ended.fails) == ("assessed", 1, 1, 0)
    (item,) = ended.evidence
    assert (item.evidence_class, item.weight) == ("assessed", 1_800_000)
    assert item.outcome == 1_530_000  # y = 0.7 + 0.3 · (0.85 - 0.7) / 0.3


@pytest.mark.parametrize(
    ("verb", "result", "evidence_class"),
    [
        ("passed", {"success": True}, "assessed"),
        ("failed", {"success": False}, "assessed"),
        ("scored", {"score": {"scaled": 0.6}}, "assessed"),
        ("completed", {"completion": True}, "exposure"),
    ],
)
def test_the_journal_counts_nothing_and_is_evidence_until_the_status_comes(
    verb: str, result: dict[str, Any], evidence_class: str
) -> None:
    entry = derived(scorm(verb, **result))
    assert (entry.completions, entry.passes, entry.fails) == (0, 0, 0)
    assert [item.evidence_class for item in entry.evidence] == [evidence_class]


@pytest.mark.parametrize(
    ("result", "verb_class", "items"),
    [
        ({"completion": True}, "exposure", 1),
        ({"completion": False}, "engagement", 0),
        ({"completion": False, "score": {"scaled": 0}}, "engagement", 0),
        ({"score": {"scaled": 0.4}}, "assessed", 1),
        ({"success": False}, "assessed", 1),
        ({}, "engagement", 0),
    ],
)
def test_a_status_is_what_its_result_says(result: dict[str, Any], verb_class: str, items: int) -> None:
    ended = derived(scorm("terminated", **result))
    assert (ended.verb_class, len(ended.evidence)) == (verb_class, items)


@pytest.mark.parametrize("verb", ["terminated", "suspended"])
def test_session_time_is_active_time(verb: str) -> None:
    ended = derived(scorm(verb, duration="PT35M"))
    assert (ended.marks, ended.time_source) == ((Marks(DAY, SLOT - 7, SLOT),), "scorm")


def test_each_session_of_an_attempt_counts_once() -> None:
    verbs = ["initialized", "suspended", "resumed", "terminated"]
    assert [derived(scorm(verb)).sessions for verb in verbs] == [1, 0, 1, 0]


def test_progress_is_not_a_score() -> None:
    progressed = derived(scorm("progressed", score={"scaled": 0.6}))
    assert (progressed.verb_class, progressed.evidence) == ("engagement", ())


def test_cumulative_video_time_is_never_added() -> None:
    segments = {
        VIDEO + "extensions/played-segments": "0[.]12[,]14[.]21[,]18[.]30",
        VIDEO + "extensions/time": 30,
    }
    for verb in (VIDEO + "verbs/played", VIDEO + "verbs/paused", VIDEO + "verbs/seeked", "terminated"):
        watched = derived(video(verb, extensions=segments, duration="PT10M"))
        assert (watched.marks, watched.time_source) == ((Marks(DAY, SLOT, SLOT),), "video")
        assert watched.verb_class == "engagement"


def test_a_completed_video_is_exposure() -> None:
    completed = derived(video("completed", completion=True, duration="PT28S"))
    assert (completed.completions, completed.marks) == (1, (Marks(DAY, SLOT, SLOT),))
    (item,) = completed.evidence
    assert (item.skill, item.evidence_class, item.weight, item.outcome) == (
        "safety",
        "exposure",
        200_000,
        200_000,
    )
    assert item.reviewed is False
