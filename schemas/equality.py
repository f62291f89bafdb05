"""When two statements say the same thing (IEEE 9274.1.1 section 4.2; xAPI 1.0.3 Part Three 1.4).

A resend of a statement may carry another `stored`, another `display` or a fuller activity definition and
is still the same statement. The same id with a different meaning is a conflict.
"""

from collections.abc import Mapping
from hashlib import blake2b
from typing import Any

import orjson

_DIGEST_BYTES = 16


def content_digest(statement: Mapping[str, Any]) -> bytes:
    """16 bytes that are equal for statements with the same meaning."""
    meaning = orjson.dumps(_meaning(statement), option=orjson.OPT_SORT_KEYS)
    return blake2b(meaning, digest_size=_DIGEST_BYTES).digest()


def _meaning(statement: Mapping[str, Any]) -> dict[str, Any]:
    """The parts of a statement or SubStatement that make its meaning."""
    meaning = {"actor": statement.get("actor"), "verb": _verb(statement.get("verb"))}
    meaning["object"] = _object(statement.get("object"))
    if "result" in statement:
        meaning["result"] = statement["result"]
    if "context" in statement:
        meaning["context"] = _context(statement["context"])
    return meaning


def _verb(verb: Any) -> Any:
    return verb.get("id") if isinstance(verb, dict) else verb


def _object(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if value.get("objectType") == "SubStatement":
        return _meaning(value)
    return {key: item for key, item in value.items() if key != "definition"}


def _context(context: Any) -> Any:
    activities = context.get("contextActivities") if isinstance(context, dict) else None
    if not isinstance(activities, dict):
        return context
    return context | {"contextActivities": {role: _activities(listed) for role, listed in activities.items()}}


def _activities(listed: Any) -> Any:
    """One activity stands for a list of one (xAPI 1.0.3 Part Two 2.4.6.2)."""
    return [_object(activity) for activity in (listed if isinstance(listed, list) else [listed])]
