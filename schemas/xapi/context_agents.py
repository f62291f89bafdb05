"""Context agents and context groups: who else had a part in it, and which.

IEEE 9274.1.1 4.2.2.5. New in xAPI 2.0.
"""

from typing import Annotated, Literal, NotRequired

from pydantic import Field, with_config
from typing_extensions import TypedDict

from schemas.xapi.agent import Agent
from schemas.xapi.group import Group
from schemas.xapi.iri import Iri
from schemas.xapi.noun import STRICT

RelevantTypes = Annotated[list[Iri], Field(min_length=1)]


@with_config(STRICT)
class ContextAgent(TypedDict):
    """An Agent with the types of its relation to the statement."""

    objectType: Literal["contextAgent"]
    agent: Agent
    relevantTypes: NotRequired[RelevantTypes]


@with_config(STRICT)
class ContextGroup(TypedDict):
    """A Group with the types of its relation to the statement."""

    objectType: Literal["contextGroup"]
    group: Group
    relevantTypes: NotRequired[RelevantTypes]
