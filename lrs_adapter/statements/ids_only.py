"""A statement in the format `ids`: of agents, activities, verbs and groups only what identifies them.

Pure. IEEE 9274.1.1 4.1.6.1, xAPI 1.0.3 Communication 2.1.3.
"""

from collections.abc import Mapping
from typing import Any

_AGENT = ("objectType", "mbox", "mbox_sha1sum", "openid", "account")
_AGENTS = ("actor", "authority")
_IN_CONTEXT = ("instructor", "team")


def ids_only(statement: Mapping[str, Any]) -> dict[str, Any]:
    """The statement or SubStatement without names, definitions and displays."""
    reduced = {**statement, "verb": {"id": statement["verb"]["id"]}, "object": _object(statement["object"])}
    reduced |= {name: _agent(statement[name]) for name in _AGENTS if name in statement}
    return reduced | ({"context": _context(statement["context"])} if "context" in statement else {})


def _object(value: Mapping[str, Any]) -> Mapping[str, Any]:
    match value.get("objectType", "Activity"):
        case "Activity":
            return _activity(value)
        case "SubStatement":
            return ids_only(value)
        case "Agent" | "Group":
            return _agent(value)
        case _:
            return value


def _agent(agent: Mapping[str, Any]) -> dict[str, Any]:
    reduced = {name: agent[name] for name in _AGENT if name in agent}
    if set(reduced) <= {"objectType"} and "member" in agent:  # an anonymous group is its members
        reduced["member"] = [_agent(member) for member in agent["member"]]
    return reduced


def _activity(activity: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in activity.items() if name != "definition"}


def _context(context: Mapping[str, Any]) -> dict[str, Any]:
    reduced = {**context, **{name: _agent(context[name]) for name in _IN_CONTEXT if name in context}}
    if "contextActivities" in context:
        activities = context["contextActivities"]
        reduced["contextActivities"] = {role: list(map(_activity, activities[role])) for role in activities}
    return reduced
