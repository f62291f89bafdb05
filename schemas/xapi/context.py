"""Context: what surrounded it.

IEEE 9274.1.1 4.2.2.5, xAPI 1.0.3 Data 2.4.6.
"""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, NotRequired

from pydantic import with_config
from typing_extensions import TypedDict

from schemas.xapi import spec
from schemas.xapi.actor import Actor
from schemas.xapi.context_activities import ContextActivities
from schemas.xapi.context_agents import ContextAgent, ContextGroup
from schemas.xapi.extensions import Extensions
from schemas.xapi.group import Group
from schemas.xapi.language import LanguageTag
from schemas.xapi.noun import STRICT
from schemas.xapi.remembered import Remembered
from schemas.xapi.rules import Breach, rules
from schemas.xapi.statement_ref import StatementRef
from schemas.xapi.uuids import Uuid


@with_config(STRICT)
class ContextObject(TypedDict):
    """The properties of a context."""

    registration: NotRequired[Uuid]
    instructor: NotRequired[Actor]
    team: NotRequired[Group]
    contextActivities: NotRequired[Annotated[ContextActivities, Remembered()]]
    contextAgents: NotRequired[list[ContextAgent]]
    contextGroups: NotRequired[list[ContextGroup]]
    revision: NotRequired[str]
    platform: NotRequired[str]
    language: NotRequired[LanguageTag]
    statement: NotRequired[StatementRef]
    extensions: NotRequired[Extensions]


def known_in_version(context: Mapping[str, Any], version: str) -> Iterator[Breach]:
    """`contextAgents` and `contextGroups` are unknown before xAPI 2.0."""
    if not version.startswith("1."):
        return
    for name in ("contextAgents", "contextGroups"):
        if name in context:
            yield Breach((name,), "is not known before xAPI 2.0", context[name], spec.CONTEXT_AGENTS)


Context = Annotated[ContextObject, rules(known_in_version)]
