"""When two statements say the same thing (IEEE 9274.1.1 section 4.2; xAPI 1.0.3 Part Three 1.4).

A resend of a statement may carry another `stored`, another `display` or a fuller activity definition and
is still the same statement. So are statements that differ in what is below a hundredth of a second in a
duration, in the letter case of UUIDs and language tags, or in the order of a group's members. The same id
with a different meaning is a conflict.
"""

from collections.abc import Mapping
from hashlib import blake2b
from typing import Any

import orjson

from schemas.xapi.duration import parse_duration

_DIGEST_BYTES = 16
_LONGEST_S = 1e12


def content_digest(statement: Mapping[str, Any]) -> bytes:
    """16 bytes that are equal for statements with the same meaning."""
    meaning = orjson.dumps(_meaning(statement), option=orjson.OPT_SORT_KEYS)
    return blake2b(meaning, digest_size=_DIGEST_BYTES).digest()


def _meaning(statement: Mapping[str, Any]) -> dict[str, Any]:
    """The parts of a statement or SubStatement that make its meaning."""
    meaning = {"actor": _agent(statement.get("actor")), "verb": _verb(statement.get("verb"))}
    meaning["object"] = _object(statement.get("object"))
    if "result" in statement:
        meaning["result"] = _result(statement["result"])
    if "context" in statement:
        meaning["context"] = _context(statement["context"])
    return meaning


def _agent(agent: Any) -> Any:
    """The members of a group are a set (xAPI 1.0.3 Part Two 2.4.2.2)."""
    members = agent.get("member") if isinstance(agent, dict) else None
    if not isinstance(members, list):
        return agent
    return agent | {
        "member": sorted(orjson.dumps(one, option=orjson.OPT_SORT_KEYS).decode() for one in members)
    }


def _result(result: Any) -> Any:
    duration = result.get("duration") if isinstance(result, dict) else None
    return result if duration is None else result | {"duration": _hundredths(duration)}


def _hundredths(duration: Any) -> Any:
    """Whole hundredths of a second (xAPI 1.0.3 Part Two 4.6).

    The text itself where it counts years or months, or where hundredths are more than a float can tell apart.
    """
    try:
        seconds = parse_duration(duration).seconds
    except (ValueError, TypeError):
        return duration
    return duration if seconds is None or seconds > _LONGEST_S else int(round(seconds * 100, 3))


def _verb(verb: Any) -> Any:
    return verb.get("id") if isinstance(verb, dict) else verb


def _object(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    match value.get("objectType"):
        case "SubStatement":
            return _meaning(value)
        case "StatementRef":
            return _lowered(value, "id")
        case "Agent" | "Group":
            return _agent(value)
        case _:
            return _undefined(value)


def _undefined(activity: dict[str, Any]) -> dict[str, Any]:
    """What an activity is, without what a sender tells about it."""
    if "definition" not in activity:
        return activity
    rest = activity.copy()
    del rest["definition"]
    return rest


def _context(context: Any) -> Any:
    if not isinstance(context, dict):
        return context
    meaning = _lowered(context, "registration", "language")
    if isinstance(reference := context.get("statement"), dict):
        meaning["statement"] = _lowered(reference, "id")
    meaning |= {name: _agent(context[name]) for name in ("instructor", "team") if name in context}
    if isinstance(activities := context.get("contextActivities"), dict):
        meaning["contextActivities"] = {role: _activities(listed) for role, listed in activities.items()}
    return meaning


def _lowered(value: dict[str, Any], *names: str) -> dict[str, Any]:
    """A copy with these members in lower case: UUIDs and language tags have none of their own."""
    texts = {name: text.lower() for name in names if isinstance(text := value.get(name), str)}
    return value | texts


def _activities(listed: Any) -> Any:
    """One activity stands for a list of one (xAPI 1.0.3 Part Two 2.4.6.2)."""
    return [_object(activity) for activity in (listed if isinstance(listed, list) else [listed])]
