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

_NUMBER = r"[0-9]+(?:[.,][0-9]+)?"
_FORM = re.compile(
    rf"P(?:(?P<weeks>{_NUMBER})W"
    rf"|(?:(?P<years>{_NUMBER})Y)?(?:(?P<months>{_NUMBER})M)?(?:(?P<days>{_NUMBER})D)?"
    rf"(?:T(?=[0-9])(?:(?P<hours>{_NUMBER})H)?(?:(?P<minutes>{_NUMBER})M)?(?:(?P<seconds>{_NUMBER})S)?)?)"
)
_SECONDS = {"weeks": 604_800, "days": 86_400, "hours": 3_600, "minutes": 60, "seconds": 1}
_NOMINAL = ("years", "months")


@dataclass(frozen=True, slots=True)
class Duration:
    """`seconds` of elapsed time; None where the duration counts years or months."""

    seconds: float | None


def parse_duration(text: str) -> Duration:
    """Read a duration. Raises `ValueError` for anything that the section does not allow."""
    match = _FORM.fullmatch(text)
    parts = {name: part for name, part in match.groupdict().items() if part} if match else {}
    if not parts or any(_fractional(part) for part in list(parts.values())[:-1]):
        raise ValueError(f"not an ISO 8601 duration: {text[:40]!r}")
    numbers = {name: float(part.replace(",", ".")) for name, part in parts.items()}
    if any(numbers.get(name) for name in _NOMINAL):
        return Duration(None)
    return Duration(sum(number * _SECONDS.get(name, 0) for name, number in numbers.items()))


def _fractional(part: str) -> bool:
    return not part.isdecimal()


def _check(text: str) -> str:
    try:
        parse_duration(text)
    except ValueError as error:
        raise PydanticCustomError(
            "format", "must be an ISO 8601 duration such as PT1H30M", {"section": spec.DURATION}
        ) from error
    return text


DurationText = Annotated[
    str, AfterValidator(_check), WithJsonSchema({"type": "string", "format": "duration"})
]
