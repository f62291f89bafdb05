"""Activity: what was done something with, and its definition.

IEEE 9274.1.1 4.2.2.3, xAPI 1.0.3 Data 2.4.4.1.
"""

from typing import Annotated, Literal, NotRequired

from pydantic import with_config
from typing_extensions import TypedDict

from schemas.xapi.extensions import Extensions
from schemas.xapi.interaction import (
    InteractionComponent,
    InteractionType,
    distinct_components,
    named_interaction,
)
from schemas.xapi.iri import Iri, Irl
from schemas.xapi.language import LanguageMap
from schemas.xapi.noun import STRICT
from schemas.xapi.rules import rules


@with_config(STRICT)
class DefinitionObject(TypedDict):
    """The properties of an activity definition."""

    name: NotRequired[LanguageMap]
    description: NotRequired[LanguageMap]
    type: NotRequired[Iri]
    moreInfo: NotRequired[Irl]
    interactionType: NotRequired[InteractionType]
    correctResponsesPattern: NotRequired[list[str]]
    choices: NotRequired[list[InteractionComponent]]
    scale: NotRequired[list[InteractionComponent]]
    source: NotRequired[list[InteractionComponent]]
    target: NotRequired[list[InteractionComponent]]
    steps: NotRequired[list[InteractionComponent]]
    extensions: NotRequired[Extensions]


Definition = Annotated[DefinitionObject, rules(named_interaction, distinct_components)]


@with_config(STRICT)
class Activity(TypedDict):
    """An activity, named by its `id` wherever it occurs."""

    objectType: NotRequired[Literal["Activity"]]
    id: Iri
    definition: NotRequired[Definition]
