"""Sessions with a cmi5 lesson: launched, initialized, completed, passed or failed, satisfied, terminated.

Source: the cmi5 specification, sections 9.3 (verbs), 9.5 (results) and 9.6 (context). A lesson that was
passed before is launched in Review mode, where only time is recorded.
"""

from typing import Any

from readystream.dev.generator import verbs
from readystream.dev.generator.catalogue import BY_SKILL, Activity
from readystream.dev.generator.progress import Progress
from readystream.dev.generator.recorder import Recorder, iso_duration, new_uuid

PASS_MARK = 0.8

_CATEGORY = {"id": "https://w3id.org/xapi/cmi5/context/categories/cmi5"}
_MOVE_ON = {"id": "https://w3id.org/xapi/cmi5/context/categories/moveon"}
_EXTENSIONS = "https://w3id.org/xapi/cmi5/context/extensions"


def session(recorder: Recorder, lesson: Activity, progress: Progress) -> None:
    """One launch of `lesson`."""
    course = BY_SKILL[lesson.skill].course
    if course.iri not in progress.registrations:
        recorder.say(verbs.REGISTERED, course.target)
        recorder.wait(5, 60)
    registration = progress.registration(recorder.rng, course.iri)
    review = lesson.iri in progress.passed
    context = _context(recorder, course, registration, mode="Review" if review else "Normal")
    recorder.say(verbs.LAUNCHED, lesson.target, context=context)
    recorder.wait(2, 9)
    begin = recorder.elapsed
    recorder.say(verbs.INITIALIZED, lesson.target, context=context)
    recorder.wait(240, 2400)
    if not review:
        _outcome(recorder, lesson, progress, begin, context)
    recorder.wait(3, 60)
    ended = {"duration": iso_duration(recorder.elapsed - begin)}
    recorder.say(verbs.TERMINATED, lesson.target, ended, context)


def _context(recorder: Recorder, course: Activity, registration: str, mode: str) -> dict[str, Any]:
    extensions = {
        f"{_EXTENSIONS}/sessionid": new_uuid(recorder.rng),
        f"{_EXTENSIONS}/launchmode": mode,
        f"{_EXTENSIONS}/masteryscore": PASS_MARK,
        f"{_EXTENSIONS}/moveon": "CompletedAndPassed",
    }
    return {
        "registration": registration,
        "contextActivities": {"category": [_CATEGORY], "grouping": [course.target]},
        "extensions": extensions,
    }


def _for_moving_on(context: dict[str, Any]) -> dict[str, Any]:
    """The context of a statement that says something about completion or success."""
    activities = context["contextActivities"] | {"category": [_CATEGORY, _MOVE_ON]}
    return context | {"contextActivities": activities}


def _outcome(
    recorder: Recorder, lesson: Activity, progress: Progress, begin: float, context: dict[str, Any]
) -> None:
    moving = _for_moving_on(context)
    if lesson.iri not in progress.done:
        result = {"completion": True, "duration": iso_duration(recorder.elapsed - begin)}
        recorder.say(verbs.COMPLETED, lesson.target, result, moving, completions=1)
        progress.done.add(lesson.iri)
    recorder.wait(30, 600)
    score = progress.score(recorder.rng)
    passed = score >= PASS_MARK
    result = {
        "success": passed,
        "score": {"scaled": score},
        "duration": iso_duration(recorder.elapsed - begin),
    }
    verb = verbs.PASSED if passed else verbs.FAILED
    recorder.say(verb, lesson.target, result, moving, passes=int(passed), fails=int(not passed))
    progress.assessed(lesson, passed=passed)
    if passed and _all_passed(lesson, progress):
        recorder.wait(1, 3)
        recorder.say(verbs.SATISFIED, BY_SKILL[lesson.skill].course.target, context=context)


def _all_passed(lesson: Activity, progress: Progress) -> bool:
    lessons = (one for one in BY_SKILL[lesson.skill].activities if one.kind == "cmi5")
    return all(one.iri in progress.passed for one in lessons)
