"""What one statement counts for, worked out a second time: from its JSON and the profiles' text alone.

Covered: statements of one agent about an activity, in the verbs of `_VERBS`; the profiles cmi5, SCORM
(status in `terminated`, no journal beside it) and video, and plain verbs; scores as `scaled` or as `raw`
within its bounds; durations in hours, minutes and seconds. Anything else raises `Unsupported`: a second
count that passed over what it does not know would agree with anything.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any

from tests.chaos.catalogue import SkillCatalogue

SLOT_US = 5 * 60 * 1_000_000
SLOTS_A_DAY = 24 * 60 // 5
_LONGEST_US = 12 * 3600 * 1_000_000
_AHEAD_US = 5 * 60 * 1_000_000

_ADL, _TINCAN = "http://adlnet.gov/expapi/verbs/", "http://id.tincanapi.com/verb/"
_VIDEO_VERBS = "https://w3id.org/xapi/video/verbs/"
_JUDGED = {"passed": True, "failed": False, "mastered": True, "scored": None, "answered": None}
_GONE_THROUGH = ("completed", "attended")
_ACTIVE = ("experienced", "progressed", "interacted", "launched", "attempted")
_SESSION = ("initialized", "resumed", "suspended", "terminated")
_OFFICE = ("registered", "imported", "asked")
_NO_DEED = (*_OFFICE, "satisfied")  # what a system or an administrator does
_VERBS: dict[str, str] = {
    **{_ADL + name: name for name in (*_JUDGED, *_GONE_THROUGH, *_ACTIVE, *_SESSION, *_OFFICE)},
    **{_VIDEO_VERBS + name: "watched" for name in ("played", "paused", "seeked")},
    "https://w3id.org/xapi/adl/verbs/satisfied": "satisfied",
    _TINCAN + "earned": "earned",
    _TINCAN + "viewed": "experienced",
}

_CMI5 = "https://w3id.org/xapi/cmi5/context/"
_CATEGORIES = {
    _CMI5 + "categories/cmi5": "cmi5",
    _CMI5 + "categories/moveon": None,  # stands beside the other one
    "https://w3id.org/xapi/scorm": "scorm",
    "https://w3id.org/xapi/video": "video",
}
_TIMED = {("cmi5", "terminated"), ("scorm", "terminated"), ("scorm", "suspended")}
_DURATION = re.compile(r"PT(?:(\d+(?:\.\d+)?)H)?(?:(\d+(?:\.\d+)?)M)?(?:(\d+(?:\.\d+)?)S)?")


class Unsupported(Exception):  # noqa: N818 - says what the recount lacks, not that something went wrong
    """A statement of a kind that the recount does not cover."""


@dataclass(frozen=True, slots=True)
class Item:
    """One item of evidence: `weight` observations and `favourable` ones of them, in millionths."""

    skill: str
    kind: str
    activity: str
    day: int
    moment_ms: int
    statement_id: str
    persona: str
    weight: int
    favourable: int
    reviewed: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """What a statement counts for. `day` and `slots` (five minutes each) count from 1970-01-01 UTC."""

    persona: str
    day: int
    slots: range
    source: str
    completed: bool = False
    passed: bool = False
    failed: bool = False
    session: bool = False
    items: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True)
class _Verdict:
    """`kind` of evidence (empty: none), and what the statement adds to the day's counts."""

    kind: str = ""
    success: bool | None = None
    completed: bool = False


def read(accepted: Mapping[str, Any], statement: Mapping[str, Any], skills: SkillCatalogue) -> Reading:
    """Read one accepted statement. Raises `Unsupported`."""
    _require_plain_nouns(statement)
    verb = _verb(statement)
    context, result = statement.get("context", {}), statement.get("result", {})
    profile = _profile(context)
    moment = _moment(statement, accepted["stored_at"])
    slots, source = _activity_time(profile, verb, result, moment)
    verdict = _verdict(profile, verb, context, result)
    return Reading(
        persona=accepted["persona_id"],
        day=moment // (SLOT_US * SLOTS_A_DAY),
        slots=slots,
        source=source,
        completed=verdict.completed,
        passed=verdict.kind == "assessed" and verdict.success is True,
        failed=verdict.kind == "assessed" and verdict.success is False,
        session=verb == "initialized" or (profile, verb) == ("scorm", "resumed"),
        items=tuple(_items(accepted, statement, verdict, moment, skills)),
    )


def _require_plain_nouns(statement: Mapping[str, Any]) -> None:
    if statement["actor"].get("objectType", "Agent") != "Agent":
        raise Unsupported(f"actor {statement['actor']}")
    if statement["object"].get("objectType", "Activity") != "Activity":
        raise Unsupported(f"object {statement['object']}")
    is_question = "interactionType" in statement["object"].get("definition", {})
    if is_question and not statement["verb"]["id"].endswith("answered"):
        raise Unsupported(f"a question that was {statement['verb']['id']}")


def _verb(statement: Mapping[str, Any]) -> str:
    iri = statement["verb"]["id"]
    if iri not in _VERBS:
        raise Unsupported(f"verb {iri}")
    return _VERBS[iri]


def _profile(context: Mapping[str, Any]) -> str:
    named = [category["id"] for category in context.get("contextActivities", {}).get("category", ())]
    if unknown := set(named) - _CATEGORIES.keys():
        raise Unsupported(f"category {sorted(unknown)}")
    profiles = {profile for iri in named if (profile := _CATEGORIES[iri])}
    if len(profiles) > 1:
        raise Unsupported(f"several profiles at once: {sorted(profiles)}")
    profile = next(iter(profiles), "")
    if profile != "cmi5" and _CMI5 + "extensions/sessionid" in context.get("extensions", {}):
        raise Unsupported("a statement within a cmi5 session that is none of cmi5's own")
    return profile


def _moment(statement: Mapping[str, Any], stored_us: int) -> int:
    """Event time, microseconds: `timestamp`, unless it lies more than five minutes ahead of `stored`."""
    if "timestamp" not in statement:
        return stored_us
    said = datetime.fromisoformat(statement["timestamp"])
    if said.tzinfo is None:
        raise Unsupported(f"timestamp {statement['timestamp']}")
    moment = (said - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
    return stored_us if moment - stored_us > _AHEAD_US else moment


def _activity_time(profile: str, verb: str, result: Mapping[str, Any], moment: int) -> tuple[range, str]:
    """Slots in which the learner was active, and what that rests on."""
    end = moment // SLOT_US
    if verb in _NO_DEED:
        return range(0), "slots"
    if (profile, verb) in _TIMED and (spent := _spent_us(result)):
        return range((moment - spent) // SLOT_US, end + 1), profile
    return range(end, end + 1), "video" if profile == "video" else "slots"


def _spent_us(result: Mapping[str, Any]) -> int:
    if "duration" not in result:
        return 0
    match = _DURATION.fullmatch(result["duration"])
    if match is None or not any(match.groups()):
        raise Unsupported(f"duration {result['duration']}")
    hours, minutes, seconds = (Fraction(part or 0) for part in match.groups())
    return min(round((hours * 3600 + minutes * 60 + seconds) * 1_000_000), _LONGEST_US)


def _verdict(profile: str, verb: str, context: Mapping[str, Any], result: Mapping[str, Any]) -> _Verdict:
    if profile == "scorm":
        return _scorm_status(verb, result)
    if _is_beside_the_point(verb, context):
        return _Verdict()
    completion = _flag(result, "completion")
    done = completion is not False if verb == "completed" else completion is True
    return _Verdict(_kind(verb, result), _success(_JUDGED.get(verb), _flag(result, "success")), done)


def _is_beside_the_point(verb: str, context: Mapping[str, Any]) -> bool:
    """An act of the office; a question of a quiz, which is judged as a whole; browsing and reviewing."""
    is_question = verb == "answered" and context.get("contextActivities", {}).get("parent")
    mode = context.get("extensions", {}).get(_CMI5 + "extensions/launchmode", "Normal")
    return verb in _NO_DEED or bool(is_question) or mode != "Normal"


def _kind(verb: str, result: Mapping[str, Any]) -> str:
    """Class of evidence, empty for none."""
    if verb in _JUDGED or (verb == "earned" and _score(result) is not None):
        return "assessed"
    if verb == "earned":
        return "credential"
    return "exposure" if verb in _GONE_THROUGH and _flag(result, "completion") is not False else ""


def _scorm_status(verb: str, result: Mapping[str, Any]) -> _Verdict:
    """The status of an attempt stands in `terminated`, and nowhere else."""
    if verb not in _SESSION:
        raise Unsupported(f"{verb} beside a SCORM attempt")
    if verb != "terminated":
        return _Verdict()
    success, completion = _flag(result, "success"), _flag(result, "completion")
    if success is not None or (_score(result) is not None and completion is not False):
        return _Verdict("assessed", success, completion is True)
    return _Verdict("exposure" if completion else "", None, completion is True)


def _flag(result: Mapping[str, Any], name: str) -> bool | None:
    value = result.get(name)
    if value is None or isinstance(value, bool):
        return value
    raise Unsupported(f"{name} {value!r}")


def _success(asserted: bool | None, said: bool | None) -> bool | None:
    """What verb and result agree on, or the one that speaks; nothing when they contradict each other."""
    spoken = {asserted, said} - {None}
    return spoken.pop() if len(spoken) == 1 else None


def _score(result: Mapping[str, Any]) -> float | None:
    score = result.get("score", {})
    if "scaled" in score:
        value = float(score["scaled"])
    elif {"raw", "min", "max"} <= score.keys() and score["min"] < score["max"]:
        value = (score["raw"] - score["min"]) / (score["max"] - score["min"])
    else:
        return None
    return min(1.0, max(0.0, value))


def _items(
    accepted: Mapping[str, Any],
    statement: Mapping[str, Any],
    verdict: _Verdict,
    moment: int,
    skills: SkillCatalogue,
) -> Iterable[Item]:
    if not verdict.kind:
        return
    context, score = statement.get("context", {}), _score(statement.get("result", {}))
    activity = _known_activity(statement, context, skills)
    mastery = context.get("extensions", {}).get(_CMI5 + "extensions/masteryscore")
    for mapping in skills.mappings(activity):
        kind = mapping.get("evidence_class") or verdict.kind
        if kind == "credential" and verdict.kind == "assessed" and verdict.success is not True:
            kind = "assessed"  # one that was tried for and not got
        outcome = _outcome(kind, verdict, score, mapping.get("pass_mark", mastery))
        weight = skills.weight(kind, mapping, accepted["credential"])
        if outcome is not None and weight:
            yield Item(
                skill=mapping["skill"],
                kind=kind,
                activity=activity,
                day=moment // (SLOT_US * SLOTS_A_DAY),
                moment_ms=moment // 1000,
                statement_id=accepted["statement_id"],
                persona=accepted["persona_id"],
                weight=weight,
                favourable=round(weight * outcome),
                reviewed=mapping.get("reviewed", False),
            )


def _known_activity(statement: Mapping[str, Any], context: Mapping[str, Any], skills: SkillCatalogue) -> str:
    """The object; of a cmi5 unit whose id the map does not know, the publisher's id in `grouping`."""
    names: list[str] = [statement["object"]["id"]]
    if _profile(context) == "cmi5":
        names += [one["id"] for one in context.get("contextActivities", {}).get("grouping", ())]
    return next((name for name in names if skills.knows(name)), names[0])


def _outcome(kind: str, verdict: _Verdict, score: float | None, mark: float | None) -> float | None:
    if kind == "credential":
        return 1.0
    if score is not None:
        if mark is None or not 0 < mark < 1:
            return score
        return 0.7 * score / mark if score < mark else 0.7 + 0.3 * (score - mark) / (1 - mark)
    if verdict.success is not None:
        return 0.85 if verdict.success else 0.35
    if verdict.kind == "assessed":
        return None
    return 1.0 if kind == "exposure" else 0.85
