"""What a mapping may do to a cell: functions from its text to the value that a statement carries.

A transform is named `name` or `name:argument`. Each says which type its result has; all raise `ValueError`
with a sentence that does not repeat the cell, which may be personal.
"""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from schemas.persona import email_iri
from schemas.xapi.duration import parse_duration
from schemas.xapi.iri import IRI_PATTERN
from schemas.xapi.timestamp import parse_timestamp

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
_IRI = re.compile(IRI_PATTERN)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_CLOCK = re.compile(r"([0-9]+):([0-5]?[0-9])(?::([0-5]?[0-9]))?")


@dataclass(frozen=True, slots=True)
class Transform:
    """A transform: the type of its result, whether it needs an argument, and what it does with both."""

    type: str
    needs_argument: bool
    apply: Callable[[str, str], Any]


def lowercase_email(text: str, _argument: str) -> dict[str, Any]:
    """The agent with this e-mail address."""
    if not _EMAIL.fullmatch(text):
        raise ValueError("not an e-mail address")
    return {"mbox": email_iri(text)}


def account(text: str, home_page: str) -> dict[str, Any]:
    """The agent with the account `text` at `home_page`."""
    if not _IRI.fullmatch(home_page):
        raise ValueError("the home page is not an IRI")
    return {"account": {"homePage": home_page, "name": text}}


def iri(text: str, prefix: str) -> str:
    """`prefix` and the cell, percent-encoded; without a prefix the cell itself."""
    made = prefix + quote(text, safe="-._~:@!$&'()*+,;=") if prefix else text
    if not _IRI.fullmatch(made):
        raise ValueError("not an IRI")
    return made


def parse_iso8601(text: str, _argument: str) -> str:
    """An ISO 8601 time, or a date for its midnight; UTC unless it says otherwise."""
    try:
        return _rfc3339(parse_timestamp(text if "T" in text.upper() else f"{text}T00:00:00Z"))
    except (ValueError, OverflowError):
        raise ValueError("not an ISO 8601 time or date, such as 2026-03-01T09:30:00Z") from None


def parse_date(text: str, form: str) -> str:
    """A time written as `form` says, in the letters of `strptime`; UTC where the form has no `%z`."""
    try:
        moment = datetime.strptime(text, form)  # noqa: DTZ007 - the zone is seen to in the next line
        return _rfc3339(_microseconds(moment if moment.tzinfo else moment.replace(tzinfo=UTC)))
    except (ValueError, OverflowError):
        raise ValueError(f"not a time of the form {form}") from None


def parse_unix_seconds(text: str, _argument: str) -> str:
    """Seconds since 1970-01-01 UTC, as Moodle counts; 0 is no time there and none here."""
    seconds = _number(text)
    if not 0 < seconds < 32_503_680_000:
        raise ValueError("not seconds since 1970")
    return _rfc3339(round(seconds * 1_000_000))


def normalize_score_0_100(text: str, _argument: str) -> float:
    """A percentage as a scaled score, 0 to 1."""
    return normalize_score(text.removesuffix("%"), "100")


def normalize_score(text: str, maximum: str) -> float:
    """A score from 0 to `maximum` as a scaled score, 0 to 1."""
    score, most = _number(text), _number(maximum)
    if most <= 0 or not 0 <= score <= most:
        raise ValueError(f"not a score from 0 to {maximum}")
    return score / most


def seconds_to_duration(text: str, _argument: str) -> str:
    """Seconds as an ISO 8601 duration."""
    return _duration(_number(text))


def minutes_to_duration(text: str, _argument: str) -> str:
    """Minutes as an ISO 8601 duration."""
    return _duration(_number(text) * 60)


def clock_to_duration(text: str, _argument: str) -> str:
    """`hh:mm` or `hh:mm:ss` as an ISO 8601 duration."""
    match = _CLOCK.fullmatch(text)
    if match is None:
        raise ValueError("not a time span, such as 1:30:00")
    hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return _duration(hours * 3600 + minutes * 60 + seconds)


def iso_duration(text: str, _argument: str) -> str:
    """An ISO 8601 duration as it is."""
    parse_duration(text)
    return text


TRANSFORMS: dict[str, Transform] = {
    "lowercase_email": Transform("agent", False, lowercase_email),
    "account": Transform("agent", True, account),
    "iri": Transform("iri", False, iri),
    "parse_iso8601": Transform("timestamp", False, parse_iso8601),
    "parse_date": Transform("timestamp", True, parse_date),
    "parse_unix_seconds": Transform("timestamp", False, parse_unix_seconds),
    "normalize_score_0_100": Transform("scaled", False, normalize_score_0_100),
    "normalize_score": Transform("scaled", True, normalize_score),
    "seconds_to_duration": Transform("duration", False, seconds_to_duration),
    "minutes_to_duration": Transform("duration", False, minutes_to_duration),
    "clock_to_duration": Transform("duration", False, clock_to_duration),
    "iso_duration": Transform("duration", False, iso_duration),
}


def _number(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        raise ValueError("not a number") from None
    if not math.isfinite(number) or "_" in text:
        raise ValueError("not a number")
    return number


def _duration(seconds: float) -> str:
    if seconds < 0:
        raise ValueError("a time span is not negative")
    return f"PT{round(seconds, 2):.2f}".rstrip("0").rstrip(".") + "S"


def _microseconds(moment: datetime) -> int:
    return round((moment - _EPOCH).total_seconds() * 1_000_000)


def _rfc3339(microseconds: int) -> str:
    moment = datetime.fromtimestamp(microseconds // 1_000_000, UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{microseconds % 1_000_000 // 1000:03d}Z"
