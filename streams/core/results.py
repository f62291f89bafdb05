"""The result of a statement: score, success, completion, duration (xAPI 1.0.3 Part Two 2.4.5)."""

from math import isfinite
from typing import Any

from msgspec import Struct

_REASON = "https://w3id.org/xapi/cmi5/result/extensions/reason"


class Result(Struct, frozen=True):
    """`score` is 0 to 1. `success` and `completion` are tri-state: None says that the sender did not say."""

    score: float | None = None
    success: bool | None = None
    completion: bool | None = None
    duration: str = ""
    reason: str = ""


_SILENT = Result()


def read_result(result: Any) -> Result:
    """The result that a statement carries; a malformed part is as good as an absent one."""
    if not isinstance(result, dict) or not result:
        return _SILENT
    duration = result.get("duration")
    return Result(
        score=_score(result.get("score")),
        success=_tri_state(result.get("success")),
        completion=_tri_state(result.get("completion")),
        duration=duration if isinstance(duration, str) else "",
        reason=_reason(result.get("extensions")),
    )


def _tri_state(value: Any) -> bool | None:
    return value if isinstance(value, bool) else None


def _reason(extensions: Any) -> str:
    """Why an LMS waived a unit (cmi5 9.5.5.2)."""
    reason = extensions.get(_REASON) if isinstance(extensions, dict) else None
    return reason if isinstance(reason, str) else ""


def _score(score: Any) -> float | None:
    """`scaled`, a negative one counting as 0; else the place of `raw` between both bounds; else nothing.

    A raw score without bounds stays unknown: whether it is out of 10 or out of 100 would be a guess.
    """
    if not isinstance(score, dict):
        return None
    scaled = _number(score.get("scaled"))
    if scaled is not None:
        return _share(scaled)
    raw, low, high = (_number(score.get(name)) for name in ("raw", "min", "max"))
    if raw is None or low is None or high is None or low >= high:
        return None
    place = (raw - low) / (high - low)
    return _share(place) if isfinite(place) else None


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if isfinite(value) else None


def _share(value: float) -> float:
    return min(max(value, 0.0), 1.0)
