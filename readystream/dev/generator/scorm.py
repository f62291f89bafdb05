"""Attempts at a SCORM package that writes by the xAPI SCORM profile; it keeps no journal beside them.

Source: the SCORM profile, sections "Temporal statements" and "Attempt". The status of an attempt stands in
`terminated`; a session that is broken off ends with `suspended`, and the times of both add up.
"""

from typing import Any

from readystream.dev.generator import verbs
from readystream.dev.generator.catalogue import Activity
from readystream.dev.generator.progress import Progress
from readystream.dev.generator.recorder import Recorder, iso_duration, new_uuid

PASS_MARK = 0.75

_CATEGORY = {"id": "https://w3id.org/xapi/scorm"}
_ATTEMPT_TYPE = "http://adlnet.gov/expapi/activities/attempt"
_BROKEN_OFF = 0.25
_GIVEN_UP = 0.08


def session(recorder: Recorder, package: Activity, progress: Progress) -> None:
    """One attempt, in one or two sittings."""
    context = _context(recorder, package)
    recorder.say(verbs.INITIALIZED, package.target, context=context)
    begin = recorder.elapsed
    recorder.wait(300, 1800)
    if recorder.rng.random() < _BROKEN_OFF:
        sitting = {"duration": iso_duration(recorder.elapsed - begin), "completion": False}
        recorder.say(verbs.SUSPENDED, package.target, sitting, context)
        recorder.wait(300, 2400)
        recorder.say(verbs.RESUMED, package.target, context=context)
        begin = recorder.elapsed
        recorder.wait(200, 1500)
    if recorder.rng.random() < _GIVEN_UP:
        left = {"duration": iso_duration(recorder.elapsed - begin), "completion": False}
        recorder.say(verbs.TERMINATED, package.target, left, context)
    else:
        _finish(recorder, package, progress, begin, context)


def _context(recorder: Recorder, package: Activity) -> dict[str, Any]:
    attempt = {
        "id": f"{package.iri}?attempt={new_uuid(recorder.rng)}",
        "definition": {"type": _ATTEMPT_TYPE, "name": {"en": f"Attempt of {package.title}"}},
    }
    activities = {"category": [_CATEGORY], "grouping": [attempt], "parent": [package.target]}
    return {"contextActivities": activities, "registration": new_uuid(recorder.rng)}


def _finish(
    recorder: Recorder, package: Activity, progress: Progress, begin: float, context: dict[str, Any]
) -> None:
    score = progress.score(recorder.rng)
    passed = score >= PASS_MARK
    result = {
        "completion": True,
        "success": passed,
        "score": {"scaled": score, "raw": round(score * 100), "min": 0, "max": 100},
        "duration": iso_duration(recorder.elapsed - begin),
    }
    recorder.say(
        verbs.TERMINATED,
        package.target,
        result,
        context,
        completions=1,
        passes=int(passed),
        fails=int(not passed),
    )
    progress.assessed(package, passed=passed)
