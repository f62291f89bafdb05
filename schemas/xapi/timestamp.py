"""Points in time: ISO 8601 extended format, of which RFC 3339 is a profile.

IEEE 9274.1.1 4.2.7, xAPI 1.0.3 Data 4.5. Any offset is taken except `-00`, `-0000` and `-00:00`, which the
specification rules out. A time without an offset counts as UTC. Times in the future pass: the receiver
cannot know the sender's clock.
"""

import re
from datetime import UTC, datetime, timedelta
from typing import Annotated

from pydantic import AfterValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from schemas.xapi import spec

_FORM = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}(?::(?P<second>[0-9]{2})(?:[.,][0-9]+)?)?"
    r"(?:[Zz]|(?!-00(?::?00)?$)[+-][0-9]{2}(?::?[0-9]{2})?)?"
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_LEAP_SECOND = "60"


def parse_timestamp(text: str) -> int:
    """Microseconds since 1970-01-01 UTC. Raises `ValueError` for anything that is not a timestamp."""
    match = _FORM.fullmatch(text)
    if match is None:
        raise ValueError(f"not an ISO 8601 timestamp: {text[:40]!r}")
    leap = match["second"] == _LEAP_SECOND
    moment = datetime.fromisoformat(_without_leap_second(text) if leap else text.upper())
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return (moment - _EPOCH) // _MICROSECOND + (1_000_000 if leap else 0)


def _without_leap_second(text: str) -> str:
    return f"{text[:17]}59{text[19:]}".upper()


def _check(text: str) -> str:
    try:
        parse_timestamp(text)
    except (ValueError, OverflowError) as error:
        raise PydanticCustomError(
            "format",
            "must be an ISO 8601 timestamp such as 2026-03-01T09:30:00.000Z",
            {"section": spec.DATE_TIME},
        ) from error
    return text


TimestampText = Annotated[
    str, AfterValidator(_check), WithJsonSchema({"type": "string", "format": "date-time"})
]
