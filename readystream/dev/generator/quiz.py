"""Attempts at a scored quiz: one `answered` for each question, then `passed` or `failed` for the quiz.

The questions name the quiz as their parent: together they are one piece of evidence, the quiz.
"""

from functools import lru_cache
from typing import Any

from readystream.dev.generator import verbs
from readystream.dev.generator.catalogue import Activity
from readystream.dev.generator.progress import Progress
from readystream.dev.generator.recorder import Recorder, iso_duration, new_uuid

PASS_MARK = 0.7
QUESTIONS = 8

_OPTIONS = "abcd"
_WITHOUT_SCALED = 0.3


def session(recorder: Recorder, quiz: Activity, progress: Progress) -> None:
    """One attempt at `quiz`; the share of right answers follows the learner's ability."""
    context = {"registration": new_uuid(recorder.rng), "language": "en"}
    recorder.say(verbs.ATTEMPTED, quiz.target, context=context)
    begin = recorder.elapsed
    item_context = context | {"contextActivities": {"parent": [{"objectType": "Activity", "id": quiz.iri}]}}
    right = sum(
        _answer(recorder, target, expected, progress, item_context) for target, expected in _questions(quiz)
    )
    recorder.wait(2, 20)
    passed = right / QUESTIONS >= PASS_MARK
    result = {
        "success": passed,
        "score": _score(recorder, right),
        "duration": iso_duration(recorder.elapsed - begin),
    }
    verb = verbs.PASSED if passed else verbs.FAILED
    recorder.say(verb, quiz.target, result, context, passes=int(passed), fails=int(not passed))
    progress.assessed(quiz, passed=passed)


def _answer(
    recorder: Recorder, target: dict[str, Any], expected: str, progress: Progress, context: dict[str, Any]
) -> bool:
    taken = recorder.wait(15, 150)
    right = recorder.rng.random() < progress.ability
    given = expected if right else recorder.rng.choice(_OPTIONS.replace(expected, ""))
    result = {
        "success": right,
        "response": given,
        "score": {"scaled": int(right)},
        "duration": iso_duration(taken),
    }
    recorder.say(verbs.ANSWERED, target, result, context)
    return right


def _score(recorder: Recorder, right: int) -> dict[str, float]:
    """Some versions of the tool give only the raw score and its bounds."""
    raw: dict[str, float] = {"raw": right, "min": 0, "max": QUESTIONS}
    if recorder.rng.random() < _WITHOUT_SCALED:
        return raw
    return raw | {"scaled": round(right / QUESTIONS, 4)}


@lru_cache
def _questions(quiz: Activity) -> tuple[tuple[dict[str, Any], str], ...]:
    """The quiz's questions as statement objects, each with its right answer."""
    return tuple(_question(quiz, number) for number in range(1, QUESTIONS + 1))


def _question(quiz: Activity, number: int) -> tuple[dict[str, Any], str]:
    expected = _OPTIONS[(len(quiz.title) * number) % len(_OPTIONS)]
    definition = {
        "name": {"en": f"{quiz.title}, question {number}"},
        "type": "http://adlnet.gov/expapi/activities/cmi.interaction",
        "interactionType": "choice",
        "correctResponsesPattern": [expected],
        "choices": [{"id": option, "description": {"en": f"Answer {option}"}} for option in _OPTIONS],
    }
    return {
        "objectType": "Activity",
        "id": f"{quiz.iri}/questions/{number}",
        "definition": definition,
    }, expected
