"""The learning systems that send, each with its own habits of writing the same thing."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from random import Random
from typing import Any

LMS_HOME = "https://lms.example.com"
ACADEMY_HOME = "https://academy.example.org"
SSO_HOME = "https://sso.example.com"


@dataclass(frozen=True, slots=True)
class Sender:
    """A system that forwards statements.

    `header` is its version header, `version` the `version` it writes into statements (empty: none),
    `authority` the agent it vouches with (None: it sends neither `authority` nor `stored`), `spelling`
    which display map of a verb it uses, `batch` the most statements it puts into one request.
    """

    platform: str
    header: str
    version: str
    authority: dict[str, Any] | None
    spelling: int
    batch: int


def _authority(home: str) -> dict[str, Any]:
    return {"objectType": "Agent", "name": "LRS", "account": {"homePage": home, "name": "forwarder"}}


LMS = Sender("Example LMS", "1.0.3", "1.0.3", _authority(LMS_HOME), spelling=0, batch=50)
ACADEMY = Sender("Example Academy", "1.0.3", "1.0.0", _authority(ACADEMY_HOME), spelling=2, batch=50)
VIDEO = Sender("Example Video", "2.0.0", "2.0.0", None, spelling=1, batch=25)
QUIZ = Sender("Example Quiz", "1.0.1", "", None, spelling=3, batch=10)
SENDERS = (LMS, ACADEMY, VIDEO, QUIZ)


def _whole_seconds(at: datetime) -> str:
    return at.replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def _milliseconds(at: datetime) -> str:
    return at.replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


def _microseconds(at: datetime) -> str:
    return at.isoformat(timespec="microseconds")


def _hundred_nanoseconds(at: datetime) -> str:
    return at.replace(tzinfo=None).isoformat(timespec="microseconds") + "0Z"


def _offset(minutes: int) -> Callable[[datetime], str]:
    zone = timezone(timedelta(minutes=minutes))
    return lambda at: at.astimezone(zone).isoformat(timespec="milliseconds")


TIME_FORMATS: tuple[Callable[[datetime], str], ...] = (
    _milliseconds,
    _whole_seconds,
    _microseconds,
    _hundred_nanoseconds,
    _offset(120),
    _offset(-300),
    _offset(330),
)
"""Ways to write one instant, all legal under RFC 3339; each session of a sender sticks to one."""


def any_time_format(rng: Random) -> Callable[[datetime], str]:
    """The habit of one session's device: milliseconds mostly, any other now and then."""
    return TIME_FORMATS[0] if rng.random() < 0.6 else rng.choice(TIME_FORMATS)
