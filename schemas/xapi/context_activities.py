"""Context activities: where among other activities it happened.

IEEE 9274.1.1 4.2.2.5, xAPI 1.0.3 Data 2.4.6.2. A single activity in place of a list is allowed.
"""

from typing import Annotated, Any, NotRequired

from pydantic import Discriminator, Tag, with_config
from typing_extensions import TypedDict

from schemas.xapi.activity import Activity
from schemas.xapi.noun import STRICT


def _one_or_many(value: Any) -> str:
    return "<list>" if isinstance(value, list) else "<Activity>"


Activities = Annotated[
    Annotated[Activity, Tag("<Activity>")] | Annotated[list[Activity], Tag("<list>")],
    Discriminator(_one_or_many),
]


@with_config(STRICT)
class ContextActivities(TypedDict):
    """Activities by the part they play."""

    parent: NotRequired[Activities]
    grouping: NotRequired[Activities]
    category: NotRequired[Activities]
    other: NotRequired[Activities]
