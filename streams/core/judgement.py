"""What a statement counts for: its effective class, completion, pass or fail, session.

The profiles disagree about which statement carries the verdict, so each rule names its source.
"""

from msgspec import Struct

from streams.core.results import Result
from streams.core.setting import Setting
from streams.core.verbs import Verb


class Judgement(Struct, frozen=True):
    """The verdict of one statement.

    `success` joins what the verb asserts with what the result says; None when neither says anything and
    when they contradict each other. `is_evidence`: the class is one that says something about a skill,
    and the statement may say it.
    """

    verb_class: str
    success: bool | None
    is_evidence: bool
    completions: int
    passes: int
    fails: int
    sessions: int


def judge(verb: Verb, result: Result, setting: Setting, *, about_learning: bool) -> Judgement:
    """Judge a statement; `about_learning` says that its actor is one agent and its object an activity."""
    counts = about_learning and not _is_part(verb, setting) and not setting.without_credit
    tested_out = verb.name == "waived" and result.reason == "Tested Out"
    success = _success(True if tested_out else verb.success, result.success)
    verb_class = _effective_class(verb, result, setting)
    final = counts and verb.verb_class != "none" and _is_verdict(verb, setting)
    judged = final and verb_class == "assessed"
    return Judgement(
        verb_class=verb_class,
        success=success,
        is_evidence=counts and _is_evidence(verb_class, verb, result),
        completions=int(final and _completes(verb, result)),
        passes=int(judged and success is True),
        fails=int(judged and success is False),
        sessions=int(_opens_session(verb, setting)),
    )


def _is_part(verb: Verb, setting: Setting) -> bool:
    """A part of something that is judged as a whole: an item of a quiz, a test inside a cmi5 unit.

    A quiz of twenty questions is one piece of evidence, and the quiz itself reports it.
    """
    return setting.inside_unit or (verb.name == "answered" and setting.has_parent)


def _is_verdict(verb: Verb, setting: Setting) -> bool:
    """SCORM: the status is the result of `terminated`; passed, failed, scored and completed before it are
    a journal (profile, "SCO Status"), and counting both would count twice."""
    return setting.profile != "scorm" or verb.name == "terminated"


def _success(asserted: bool | None, said: bool | None) -> bool | None:
    if asserted is None or said is None:
        return said if asserted is None else asserted
    return asserted if asserted == said else None


def _completes(verb: Verb, result: Result) -> bool:
    if verb.name == "completed":
        return result.completion is not False
    return result.completion is True


def _effective_class(verb: Verb, result: Result, setting: Setting) -> str:
    if verb.name == "waived":
        return _waived_class(result.reason)
    if verb.name == "terminated" and setting.profile == "scorm":
        return _status_class(result)
    if verb.name == "earned" and result.score is not None:
        return "assessed"  # Open edX reports grades as "earned"; what is awarded carries no score
    return verb.verb_class


def _waived_class(reason: str) -> str:
    """cmi5 9.5.5.2: a test replaces the unit; something equivalent is weak; a clerk's decision is nothing."""
    if reason == "Tested Out":
        return "assessed"
    return "exposure" if reason.startswith("Equivalent") else "none"


def _status_class(result: Result) -> str:
    """A score without success in an attempt that isn't complete is an initial value, not a result."""
    if result.success is not None or (result.score is not None and result.completion is not False):
        return "assessed"
    return "exposure" if result.completion is True else "engagement"


def _is_evidence(verb_class: str, verb: Verb, result: Result) -> bool:
    if verb_class == "exposure":
        return verb.name == "waived" or result.completion is not False
    return verb_class in {"assessed", "credential"}


def _opens_session(verb: Verb, setting: Setting) -> bool:
    """A session counts once, at `initialized`: a launch may come to nothing and an end may be missing.

    SCORM initializes an attempt once and resumes it in later sessions. What plays inside a cmi5 unit
    belongs to the session of the unit.
    """
    if setting.inside_unit:
        return False
    return verb.name == "initialized" or (verb.name == "resumed" and setting.profile == "scorm")
