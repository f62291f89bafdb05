"""Durations: ISO 8601:2004 section 4.4.3.2, the form with designators.

IEEE 9274.1.1 4.2.7, xAPI 1.0.3 Data 4.6. `P4W` is a duration, `P4W1D` and negative ones are not. Only the
smallest component may have a decimal fraction. Years and months are nominal: they give no time.
"""

import re
from dataclasses import dataclass
from typing import Annotated

from pydantic import AfterValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from schemas.xapi import spec

_NUMBER = r"([0-9]+(?:[.,][0-9]+)?)"
_FORM = re.compile(
    r"(?=P[0-9A-Z]*[0-9](?:[.,][0-9]+)?[A-Z]$)"  # at least one component, a fraction in the last one alone
    rf"P(?:{_NUMBER}W"
    rf"|(?:{_NUMBER}Y)?(?:{_NUMBER}M)?(?:{_NUMBER}D)?"
    rf"(?:T(?=[0-9])(?:{_NUMBER}H)?(?:{_NUMBER}M)?(?:{_NUMBER}S)?)?)"
)
_UNITS = (604_800, None, None, 86_400, 3_600, 60, 1)
"""Seconds of weeks, years, months, days, hours, minutes, seconds; years and months have no fixed number."""


@dataclass(frozen=True, slots=True)
class Duration:
    """`seconds` of elapsed time; None where the duration counts years or months."""

    seconds: float | None


def parse_duration(text: str) -> Duration:
    """Read a duration. Raises `ValueError` for anything that the section does not allow."""
    match = _FORM.fullmatch(text)
    if match is None:
        raise ValueError(f"not an ISO 8601 duration: {text[:40]!r}")
    seconds = 0.0
    for unit, part in zip(_UNITS, match.groups(), strict=True):
        if part is not None:
            number = float(part.replace(",", "."))
            if unit is None and number:
                return Duration(None)
            seconds += number * (unit or 0)
    return Duration(seconds)


def _check(text: str) -> str:
    if _FORM.fullmatch(text) is None:
        raise PydanticCustomError(
            "format", "must be an ISO 8601 duration such as PT1H30M", {"section": spec.DURATION}
        )
    return text


DurationText = Annotated[
    str, AfterValidator(_check), WithJsonSchema({"type": "string", "format": "duration"})
]
