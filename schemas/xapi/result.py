"""Result: what came of it.

IEEE 9274.1.1 4.2.2.4, xAPI 1.0.3 Data 2.4.5. An absent `success` or `completion` is not a false one.
"""

from typing import NotRequired

from pydantic import with_config
from typing_extensions import TypedDict

from schemas.xapi.duration import DurationText
from schemas.xapi.extensions import Extensions
from schemas.xapi.noun import STRICT
from schemas.xapi.score import Score


@with_config(STRICT)
class Result(TypedDict):
    """The properties of a result."""

    score: NotRequired[Score]
    success: NotRequired[bool]
    completion: NotRequired[bool]
    response: NotRequired[str]
    duration: NotRequired[DurationText]
    extensions: NotRequired[Extensions]
