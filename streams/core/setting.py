"""Where a statement was made: which profile it follows and what it is part of, read from its context."""

from typing import Any

from msgspec import Struct

_CMI5 = "https://w3id.org/xapi/cmi5/context/"
_SESSION_ID = _CMI5 + "extensions/sessionid"
_LAUNCH_MODE = _CMI5 + "extensions/launchmode"
_MASTERY_SCORE = _CMI5 + "extensions/masteryscore"
_WITHOUT_CREDIT = frozenset({"Browse", "Review"})  # cmi5 10.2.2

# Profile by category activity; of several, the first in the order of precedence holds.
_PROFILES = {
    _CMI5 + "categories/cmi5": "cmi5",
    "https://w3id.org/xapi/scorm": "scorm",
    "https://w3id.org/xapi/scorm/v/2": "scorm",
    "https://w3id.org/xapi/video": "video",
}
_PRECEDENCE = ("cmi5", "scorm", "video")


class Setting(Struct, frozen=True):
    """The context of a statement, as far as it decides what the statement counts for.

    `profile` is cmi5, scorm, video or empty. `has_parent`: the activity is part of another one.
    `inside_unit`: made within a cmi5 session and not one of cmi5's own statements ("cmi5 allowed",
    7.1.3), so about a part of the unit. `without_credit`: launched to browse or to review. `mastery` is
    the pass mark of the session, strictly between 0 and 1. `publisher_ids` name the unit as its publisher
    does: what cmi5 gives as the object's id is made up by the LMS (8.1.5 and 9.6.2.3).
    """

    profile: str = ""
    registration: str = ""
    has_parent: bool = False
    inside_unit: bool = False
    without_credit: bool = False
    mastery: float | None = None
    publisher_ids: tuple[str, ...] = ()


_PLAIN = Setting()


def read_setting(context: Any) -> Setting:
    """The setting that a statement's `context` describes; a malformed part is as good as an absent one."""
    if not isinstance(context, dict) or not context:
        return _PLAIN
    activities = _mapping(context.get("contextActivities"))
    extensions = _mapping(context.get("extensions"))
    profile = _profile(activities.get("category"))
    registration = context.get("registration")
    return Setting(
        profile=profile,
        registration=registration.lower() if isinstance(registration, str) else "",
        has_parent=bool(activities.get("parent")),
        inside_unit=profile != "cmi5" and _SESSION_ID in extensions,
        without_credit=_is_without_credit(extensions.get(_LAUNCH_MODE)),
        mastery=_pass_mark(extensions.get(_MASTERY_SCORE)),
        publisher_ids=tuple(_ids(activities.get("grouping"))) if profile == "cmi5" else (),
    )


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _ids(activities: Any) -> list[str]:
    """Ids of context activities; xAPI 1.0.0 still sends a single object in place of an array."""
    listed = activities if isinstance(activities, list) else [activities]
    ids = [activity.get("id") for activity in listed if isinstance(activity, dict)]
    return [iri for iri in ids if isinstance(iri, str)]


def _profile(categories: Any) -> str:
    named = [_PROFILES[category] for category in _ids(categories) if category in _PROFILES]
    return min(named, key=_PRECEDENCE.index) if named else ""


def _is_without_credit(launch_mode: Any) -> bool:
    return isinstance(launch_mode, str) and launch_mode in _WITHOUT_CREDIT


def _pass_mark(value: Any) -> float | None:
    """A mark of 1, or of 0, tells nothing apart: it is no mark."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if 0 < value < 1 else None
