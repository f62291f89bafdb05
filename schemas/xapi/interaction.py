"""Interaction activities: questions, and the components of their answers.

IEEE 9274.1.1 4.2.2.3, xAPI 1.0.3 Data 2.4.4.1 (interaction activities).
"""

from collections.abc import Iterator, Mapping
from typing import Any, Literal, NotRequired

from pydantic import with_config
from typing_extensions import TypedDict

from schemas.xapi import spec
from schemas.xapi.language import LanguageMap
from schemas.xapi.noun import STRICT
from schemas.xapi.rules import Breach

InteractionType = Literal[
    "true-false",
    "choice",
    "fill-in",
    "long-fill-in",
    "matching",
    "performance",
    "sequencing",
    "likert",
    "numeric",
    "other",
]
COMPONENT_LISTS = ("choices", "scale", "source", "target", "steps")


@with_config(STRICT)
class InteractionComponent(TypedDict):
    """One choice, step or point of a scale."""

    id: str
    description: NotRequired[LanguageMap]


def named_interaction(definition: Mapping[str, Any], _: str) -> Iterator[Breach]:
    """Answers and components belong to an interaction, whose type must be named."""
    if "interactionType" in definition:
        return
    given = [name for name in ("correctResponsesPattern", *COMPONENT_LISTS) if name in definition]
    if given:
        yield Breach(("interactionType",), f"is required beside {', '.join(given)}", None, spec.ACTIVITY)


def distinct_components(definition: Mapping[str, Any], _: str) -> Iterator[Breach]:
    """Within a list, no two components share an id."""
    for name in COMPONENT_LISTS:
        components = definition.get(name)
        if isinstance(components, list):
            yield from _repeated(name, components)


def _repeated(name: str, components: list[Any]) -> Iterator[Breach]:
    seen = set()
    for index, component in enumerate(components):
        identifier = component.get("id") if isinstance(component, dict) else None
        if isinstance(identifier, str):
            if identifier in seen:
                yield Breach((name, index, "id"), "must differ from its siblings", identifier, spec.ACTIVITY)
            seen.add(identifier)
