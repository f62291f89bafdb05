"""Actor: who did it, an Agent or a Group.

IEEE 9274.1.1 4.2.2.1, xAPI 1.0.3 Data 2.4.2.
"""

from typing import Annotated

from pydantic import Tag

from schemas.xapi import spec
from schemas.xapi.agent import Agent
from schemas.xapi.group import Group
from schemas.xapi.kinds import by_object_type

Actor = Annotated[
    Annotated[Agent, Tag("<Agent>")] | Annotated[Group, Tag("<Group>")],
    by_object_type(("Agent", "Group"), spec.ACTOR),
]
