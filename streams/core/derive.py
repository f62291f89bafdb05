"""Derive what a statement counts for: active time, figures of its day, evidence about skills.

A pure function of the statement, the time it was stored, the credential that delivered it and the skill
map. What it says about somebody's learning follows the profile that the statement was made under.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import Struct

from schemas.errors import ReadystreamError
from schemas.skill_map import SkillMap
from schemas.xapi.verb import VOIDED
from streams.core import evidence, moments, verbs
from streams.core.evidence import Evidence, Occasion
from streams.core.judgement import Judgement, judge
from streams.core.moments import Marks
from streams.core.results import Result, read_result
from streams.core.setting import Setting, read_setting
from streams.core.verbs import Verb

__all__ = ["Derived", "Evidence", "Marks", "Underivable", "derive", "may_be_evidence", "voided_target"]

# Whose duration is time spent in the session. Durations of completed, passed, failed and of the video
# profile overlap it or are cumulative (cmi5 9.5.4, SCORM profile "Session Time", video profile 5).
_SESSION_TIME = {
    "cmi5": frozenset({"terminated", "abandoned"}),
    "scorm": frozenset({"terminated", "suspended"}),
}
_INTERACTION = "http://adlnet.gov/expapi/activities/cmi.interaction"


class Underivable(ReadystreamError):  # noqa: N818 - a property of the statement, not a fault of ours
    """A statement that the core cannot process; `reason_code` and `detail` go to the dead letter."""

    def __init__(self, reason_code: str, detail: str) -> None:
        super().__init__(f"{reason_code}: {detail}")
        self.reason_code = reason_code
        self.detail = detail


class Derived(Struct, frozen=True, gc=False):
    """What one statement counts for.

    `event_us` is in microseconds since the epoch, UTC. `activity` is empty when the object is none.
    `time_source` says what the marked slots rest on: cmi5, scorm, video or slots (the statement's own).
    `completions`, `passes`, `fails` and `sessions` are 0 or 1.
    """

    verb: str
    verb_class: str
    activity: str
    activity_name: str
    registration: str
    event_us: int
    skewed: bool
    marks: tuple[Marks, ...]
    time_source: str
    completions: int
    passes: int
    fails: int
    sessions: int
    evidence: tuple[Evidence, ...]


def derive(
    statement: Mapping[str, Any], statement_id: str, stored_us: int, credential: str, skill_map: SkillMap
) -> Derived:
    """Derive a statement. `stored_us` is in microseconds since the epoch, UTC.

    Raises `Underivable` for a statement without a verb or with a timestamp that is no time.
    """
    iri = _verb_iri(statement)
    verb = verbs.lookup(iri)
    event_us, skewed = _event_time(statement, stored_us)
    setting = read_setting(statement.get("context"))
    result = read_result(statement.get("result"))
    activity, name = _activity(statement.get("object"))
    is_item = setting.has_parent and _is_question(statement.get("object"))
    about_learning = bool(activity) and not is_item and not _is_group(statement.get("actor"))
    judgement = judge(verb, result, setting, about_learning=about_learning)
    marks, time_source = _active_time(verb, setting, result, event_us)
    items: tuple[Evidence, ...] = ()
    if judgement.is_evidence:
        day, mastery = event_us // moments.DAY_US, setting.mastery
        occasion = Occasion(statement_id, event_us, day, credential, result.score, mastery)
        items = _evidence((activity, *setting.publisher_ids), judgement, occasion, skill_map)
    return Derived(
        verb=iri,
        verb_class=judgement.verb_class,
        activity=activity,
        activity_name=name,
        registration=setting.registration,
        event_us=event_us,
        skewed=skewed,
        marks=marks,
        time_source=time_source,
        completions=judgement.completions,
        passes=judgement.passes,
        fails=judgement.fails,
        sessions=judgement.sessions,
        evidence=items,
    )


def may_be_evidence(statement: Mapping[str, Any]) -> bool:
    """Whether any skill map could make evidence of it."""
    verb, obj = statement.get("verb"), statement.get("object")
    iri = verb.get("id") if isinstance(verb, dict) else None
    if not isinstance(iri, str) or not _activity(obj)[0] or _is_group(statement.get("actor")):
        return False
    result, setting = read_result(statement.get("result")), read_setting(statement.get("context"))
    return judge(verbs.lookup(iri), result, setting, about_learning=True).is_evidence


def voided_target(statement: Mapping[str, Any]) -> str | None:
    """Id of the statement that this one voids (xAPI 1.0.3 Part Two 2.3.2), or None."""
    verb, target = statement.get("verb"), statement.get("object")
    if not isinstance(verb, dict) or verb.get("id") != VOIDED or not isinstance(target, dict):
        return None
    statement_id = target.get("id")
    if target.get("objectType") != "StatementRef" or not isinstance(statement_id, str):
        return None
    return statement_id.lower()


def _verb_iri(statement: Mapping[str, Any]) -> str:
    verb = statement.get("verb")
    iri = verb.get("id") if isinstance(verb, dict) else None
    if not isinstance(iri, str) or not iri:
        raise Underivable("no_verb", "the statement has no verb with an id")
    return iri


def _event_time(statement: Mapping[str, Any], stored_us: int) -> tuple[int, bool]:
    timestamp = statement.get("timestamp")
    if timestamp is not None and not isinstance(timestamp, str):
        raise Underivable("bad_timestamp", "the timestamp is not text")
    try:
        return moments.event_time(timestamp, stored_us)
    except (ValueError, OverflowError) as error:
        raise Underivable("bad_timestamp", str(error)) from error


def _is_group(actor: Any) -> bool:
    """A group credits none of its members: who of them did it is not said."""
    return isinstance(actor, dict) and actor.get("objectType") == "Group"


def _activity(obj: Any) -> tuple[str, str]:
    """(IRI, readable name) of the object, both empty when it is an agent, a group, a reference to another
    statement, or a SubStatement, which says what somebody intends."""
    if not isinstance(obj, dict) or obj.get("objectType", "Activity") != "Activity":
        return "", ""
    iri = obj.get("id")
    definition = obj.get("definition")
    names = definition.get("name") if isinstance(definition, dict) else None
    return iri if isinstance(iri, str) else "", _readable(names)


def _is_question(obj: Any) -> bool:
    """An interaction activity (xAPI 1.0.3 Part Two 2.4.4.1).

    With a parent it is an item of a quiz, whatever verb reports it, and the quiz itself is the evidence.
    """
    definition = obj.get("definition") if isinstance(obj, dict) else None
    if not isinstance(definition, dict):
        return False
    return "interactionType" in definition or definition.get("type") == _INTERACTION


def _readable(names: Any) -> str:
    """English where there is English, else the first language of the alphabet."""
    if not isinstance(names, dict) or not names:
        return ""
    language = min(names, key=lambda tag: (not tag.startswith("en"), tag))
    return str(names[language])


def _active_time(
    verb: Verb, setting: Setting, result: Result, event_us: int
) -> tuple[tuple[Marks, ...], str]:
    """Slots that the statement marks as active, and what they rest on.

    An act of a system or an administrator marks none: a registration is not activity of the learner.
    """
    if verb.verb_class == "none":
        return (), "slots"
    timed = verb.name in _SESSION_TIME.get(setting.profile, ())
    active_us = moments.active_us(result.duration) if timed else 0
    own = "video" if setting.profile == "video" else "slots"
    return moments.marks(event_us - active_us, event_us), setting.profile if active_us else own


def _evidence(
    names: Iterable[str], judgement: Judgement, occasion: Occasion, skill_map: SkillMap
) -> tuple[Evidence, ...]:
    """Evidence about the object by the first of its names, the LMS's and then its publisher's, that the map
    knows."""
    for name in names:
        if skill_map.matches(name):
            return evidence.collect(name, judgement, occasion, skill_map)
    return ()
