"""Values that may be one of several nouns, told apart by `objectType`."""

from collections.abc import Callable, Mapping
from typing import Any

from pydantic import Discriminator

OBJECT_TYPE_FAULT = "objectType"


def is_kind(part: object) -> bool:
    """Whether a part of an error's location names a kind and not a place in the statement."""
    return isinstance(part, str) and part.startswith("<") and part.endswith(">")


def by_object_type(kinds: tuple[str, ...], section: str) -> Discriminator:
    """Choose among `kinds`; the first is meant where `objectType` is absent."""
    tags = {kind: f"<{kind}>" for kind in kinds}
    default = tags[kinds[0]]

    def kind_of(value: Any) -> str | None:
        if not isinstance(value, Mapping) or "objectType" not in value:
            return default
        named = value["objectType"]
        return tags.get(named) if isinstance(named, str) else None

    return _discriminator(kind_of, f"must be {_alternatives(kinds)}", section)


def _discriminator(kind_of: Callable[[Any], str | None], message: str, section: str) -> Discriminator:
    return Discriminator(
        kind_of,
        custom_error_type=OBJECT_TYPE_FAULT,
        custom_error_message=message,
        custom_error_context={"section": section},
    )


def _alternatives(kinds: tuple[str, ...]) -> str:
    return f"{', '.join(kinds[:-1])} or {kinds[-1]}"
