"""Statements as real senders make them, and a skill map that knows some of their activities."""

from typing import Any

import orjson

from schemas.skill_map import SkillMap, parse_skill_map
from streams.core.derive import Derived, derive
from streams.core.statement import read_statement

ADL = "http://adlnet.gov/expapi/verbs/"
ADL_CMI5 = "https://w3id.org/xapi/adl/verbs/"
CMI5 = "https://w3id.org/xapi/cmi5/context/"
CMI5_CATEGORY = CMI5 + "categories/cmi5"
MOVEON_CATEGORY = CMI5 + "categories/moveon"
SESSION_ID = CMI5 + "extensions/sessionid"
MASTERY_SCORE = CMI5 + "extensions/masteryscore"
LAUNCH_MODE = CMI5 + "extensions/launchmode"
REASON = "https://w3id.org/xapi/cmi5/result/extensions/reason"
SCORM_CATEGORY = "https://w3id.org/xapi/scorm"
VIDEO_CATEGORY = "https://w3id.org/xapi/video"
VIDEO = "https://w3id.org/xapi/video/"

STATEMENT_ID = "6690e6c9-3ef0-4ed3-8b37-7f3964730bee"
REGISTRATION = "71a448b1-a27c-41e6-aee2-4de9e0a6d0d6"
# 2026-03-04T10:07:12.250Z, UTC day 20516, five-minute slot 121.
TIMESTAMP = "2026-03-04T10:07:12.250Z"
EVENT_US = 1_772_618_832_250_000
DAY, SLOT = 20_516, 121
STORED_US = EVENT_US + 2_000_000

UNIT = "https://lms.example.com/au/4756b422"  # made up by the LMS
PUBLISHED_UNIT = "https://courses.example.edu/geology/aus/4c07"
SCO = "https://lms.example.com/courses/cs204/lesson01"
FILM = "https://media.example.com/safety-film"
QUIZ = "https://learn.example.com/quiz/sql"
CERTIFICATE = "https://learn.example.com/certificates/pmp"
TASK = "https://learn.example.com/tasks/forklift"
SELF_CHECK = "https://learn.example.com/self-check/sql"

SKILL_MAP_TEXT = f"""
version: "2026.1"
confidence_threshold: 0.5
sources: {{default: 1.0, bulk-import: 0.5}}
skills:
  - {{id: geology, name: Geology, half_life_days: 365}}
  - {{id: safety, name: Safety, half_life_days: 200}}
  - {{id: sql, name: SQL, half_life_days: 365}}
  - {{id: leading, name: Leading, half_life_days: 335}}
mappings:
  - {{activity: "{PUBLISHED_UNIT}", skill: geology, confidence: 1.0, reviewed: true}}
  - {{activity: "{SCO}", skill: sql, confidence: 0.9, reviewed: true, pass_mark: 0.7}}
  - {{activity: "{FILM}", skill: safety, confidence: 0.8}}
  - {{activity: "{QUIZ}", skill: sql, confidence: 1.0, reviewed: true}}
  - {{activity: "{QUIZ}", skill: leading, confidence: 0.4}}
  - {{activity: "https://learn.example.com/quiz/*", skill: sql, confidence: 0.6}}
  - {{activity: "{CERTIFICATE}", skill: leading, confidence: 1.0, reviewed: true, evidence_class: credential}}
  - {{activity: "{TASK}", skill: safety, confidence: 1.0, reviewed: true, evidence_class: observed}}
  - {{activity: "{SELF_CHECK}", skill: sql, confidence: 1.0, reviewed: true, evidence_class: self}}
"""
SKILL_MAP = parse_skill_map(SKILL_MAP_TEXT)


def statement(verb: str, activity: str = QUIZ, **more: Any) -> dict[str, Any]:
    """A plain statement; `verb` is an IRI, or a name of the ADL vocabulary."""
    return {
        "id": STATEMENT_ID,
        "actor": {"objectType": "Agent", "mbox": "mailto:ada@example.com"},
        "verb": {"id": verb if ":" in verb else ADL + verb, "display": {"en-US": verb}},
        "object": {"objectType": "Activity", "id": activity},
        "timestamp": TIMESTAMP,
        **more,
    }


def cmi5(
    verb: str, *, result: Any = None, mode: str = "Normal", mastery: float | None = None
) -> dict[str, Any]:
    """A statement that cmi5 defines: the LMS's id as object, the publisher's in the grouping."""
    extensions: dict[str, Any] = {SESSION_ID: "4e26c576-b3ae-461c-bd7b-d9ef44fb5298", LAUNCH_MODE: mode}
    if mastery is not None:
        extensions[MASTERY_SCORE] = mastery
    categories = [{"id": CMI5_CATEGORY}]
    if isinstance(result, dict) and result.keys() & {"success", "completion"}:
        categories.append({"id": MOVEON_CATEGORY})
    context = {
        "registration": REGISTRATION,
        "contextActivities": {"category": categories, "grouping": [{"id": PUBLISHED_UNIT}]},
        "extensions": extensions,
    }
    return statement(verb, UNIT, context=context, **({} if result is None else {"result": result}))


def cmi5_allowed(verb: str, activity: str, **more: Any) -> dict[str, Any]:
    """What content sends of its own accord during a cmi5 session."""
    context = {
        "registration": REGISTRATION,
        "contextActivities": {"grouping": [{"id": PUBLISHED_UNIT}]},
        "extensions": {SESSION_ID: "4e26c576-b3ae-461c-bd7b-d9ef44fb5298"},
    }
    return statement(verb, activity, context=context, **more)


def scorm(verb: str, **result: Any) -> dict[str, Any]:
    """A statement of the SCORM profile about a SCO."""
    attempt = {
        "id": f"{SCO}?attemptId=50fd6961",
        "definition": {"type": "http://adlnet.gov/expapi/activities/attempt"},
    }
    activities = {"category": [{"id": SCORM_CATEGORY}], "grouping": [attempt]}
    return statement(verb, SCO, context={"contextActivities": activities}, result=result)


def video(verb: str, **result: Any) -> dict[str, Any]:
    """A statement of the video profile."""
    context = {
        "registration": REGISTRATION,
        "contextActivities": {"category": [{"id": VIDEO_CATEGORY}]},
        "extensions": {VIDEO + "extensions/session-id": "b0f5", VIDEO + "extensions/length": 30},
    }
    return statement(verb, FILM, context=context, result=result)


def derived(
    of: dict[str, Any],
    *,
    credential: str = "lms",
    stored_us: int = STORED_US,
    skill_map: SkillMap = SKILL_MAP,
) -> Derived:
    """Derive a sample as the worker does."""
    return derive(read_statement(orjson.dumps(of)), STATEMENT_ID, stored_us, credential, skill_map)
