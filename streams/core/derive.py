"""Derive what a statement counts for: active time, figures of its day, evidence about skills.

A pure function of the statement, the time it was stored, the credential that delivered it and the skill
map. What it says about somebody's learning follows the profile that the statement was made under.
"""

from collections.abc import Iterable

from msgspec import Struct

from schemas.skill_map import SkillMap
from streams.core import evidence, moments
from streams.core.evidence import Evidence, Occasion
from streams.core.judgement import Judgement, judge
from streams.core.moments import Marks
from streams.core.results import Result
from streams.core.setting import Setting
from streams.core.statement import Statement
from streams.core.verbs import Verb

__all__ = ["Derived", "Evidence", "Marks", "derive", "may_be_evidence"]

# Whose duration is time spent in the session. Durations of completed, passed, failed and of the video
# profile overlap it or are cumulative (cmi5 9.5.4, SCORM profile "Session Time", video profile 5).
_SESSION_TIME = {
    "cmi5": frozenset({"terminated", "abandoned"}),
    "scorm": frozenset({"terminated", "suspended"}),
}


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
    statement: Statement, statement_id: str, stored_us: int, credential: str, skill_map: SkillMap
) -> Derived:
    """Derive a statement. `stored_us` is in microseconds since the epoch, UTC."""
    verb, setting, result, activity = statement.verb, statement.setting, statement.result, statement.activity
    event_us, skewed = moments.event_time(statement.said_us, stored_us)
    judgement = judge(verb, result, setting, about_learning=_is_about_learning(statement))
    marks, time_source = _active_time(verb, setting, result, event_us)
    items: tuple[Evidence, ...] = ()
    if judgement.is_evidence:
        day, mastery = event_us // moments.DAY_US, setting.mastery
        occasion = Occasion(statement_id, event_us, day, credential, result.score, mastery)
        items = _evidence((activity.iri, *setting.publisher_ids), judgement, occasion, skill_map)
    return Derived(
        verb=statement.verb_iri,
        verb_class=judgement.verb_class,
        activity=activity.iri,
        activity_name=activity.name,
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


def may_be_evidence(statement: Statement) -> bool:
    """Whether any skill map could make evidence of it."""
    about_learning = _is_about_learning(statement)
    return judge(
        statement.verb, statement.result, statement.setting, about_learning=about_learning
    ).is_evidence


def _is_about_learning(statement: Statement) -> bool:
    """It is about an activity that is no item of a quiz, and one agent did it."""
    activity = statement.activity
    is_item = activity.is_question and statement.setting.has_parent
    return bool(activity.iri) and not is_item and not statement.is_by_group


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
