"""Score: how well.

IEEE 9274.1.1 4.2.2.4, xAPI 1.0.3 Data 2.4.5.1.
"""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, NotRequired

from pydantic import Field, with_config
from typing_extensions import TypedDict

from schemas.xapi import spec
from schemas.xapi.noun import STRICT
from schemas.xapi.rules import Breach, rules


@with_config(STRICT)
class ScoreObject(TypedDict):
    """`scaled` from -1 to 1; `raw` within `min` and `max` where they are given."""

    scaled: NotRequired[Annotated[float, Field(ge=-1, le=1)]]
    raw: NotRequired[float]
    min: NotRequired[float]
    max: NotRequired[float]


def ordered(score: Mapping[str, Any], _: str) -> Iterator[Breach]:
    """`min` is below `max`, and `raw` between them."""
    raw, low, high = (_number(score.get(name)) for name in ("raw", "min", "max"))
    if low is not None and high is not None and low >= high:
        yield Breach(("max",), f"must be greater than min, {low:g}", high, spec.SCORE)
    if raw is not None and low is not None and raw < low:
        yield Breach(("raw",), f"must not be less than min, {low:g}", raw, spec.SCORE)
    if raw is not None and high is not None and raw > high:
        yield Breach(("raw",), f"must not be greater than max, {high:g}", raw, spec.SCORE)


def _number(value: Any) -> int | float | None:
    return value if type(value) in (int, float) else None


Score = Annotated[ScoreObject, rules(ordered)]
