"""From a validation error to faults that a sender can act on."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from schemas.outcomes import Fault
from schemas.xapi import spec
from schemas.xapi.kinds import OBJECT_TYPE_FAULT, is_kind

EXCERPT_LENGTH = 80

_MESSAGES = {
    "missing": "is required",
    "extra_forbidden": "is not a property that the specification knows here",
    "string_type": "must be a string",
    "bool_type": "must be true or false",
    "int_type": "must be an integer",
    "int_from_float": "must be an integer",
    "float_type": "must be a number",
    "finite_number": "must be a finite number",
    "dict_type": "must be an object",
    "list_type": "must be an array",
    "too_short": "must not be empty",
    "less_than_equal": "must not be greater than {le:g}",
    "greater_than_equal": "must not be less than {ge:g}",
    "literal_error": "must be {expected}",
}
_KEY = "[key]"


def faults(error: ValidationError, statement: Any) -> tuple[Fault, ...]:
    """Every fault in `error`, in the order of the statement's properties."""
    return tuple(_fault(item, statement) for item in error.errors(include_url=False))


def excerpt(value: Any) -> str:
    """`value` as JSON, cut to `EXCERPT_LENGTH` characters."""
    text = json.dumps(_shallow(value), ensure_ascii=False, default=str)
    return text if len(text) <= EXCERPT_LENGTH else f"{text[: EXCERPT_LENGTH - 1]}…"


def _shallow(value: Any) -> Any:
    """Cut long and deep values before they are printed: the excerpt shows only their beginning."""
    if isinstance(value, str):
        return value[: EXCERPT_LENGTH * 2]
    if isinstance(value, dict):
        return {key[:EXCERPT_LENGTH]: _leaf(value[key]) for key in list(value)[:8]}
    if isinstance(value, list):
        return [_leaf(item) for item in value[:8]]
    return value


def _leaf(value: Any) -> Any:
    if isinstance(value, dict):
        return {} if not value else {"…": len(value)}
    if isinstance(value, list):
        return [] if not value else [f"… {len(value)}"]
    return value[: EXCERPT_LENGTH * 2] if isinstance(value, str) else value


def _fault(item: ErrorDetails, statement: Any) -> Fault:
    path = tuple(_path(item["loc"], statement))
    value = item["input"]
    message = _message(item)
    if item["type"] == OBJECT_TYPE_FAULT:
        path, value = (*path, "objectType"), value.get("objectType")
    shown = "" if item["type"] == "missing" or (value is None and item["type"] == "rule") else excerpt(value)
    return Fault(_pointer(path), message, shown, _section(item, path))


def _message(item: ErrorDetails) -> str:
    """Our words for pydantic's kinds of error; its own for those without."""
    ours = _MESSAGES.get(item["type"])
    if ours is None:
        return item["msg"][:1].lower() + item["msg"][1:]
    return ours.format_map(item.get("ctx", {}))


def _path(location: Sequence[str | int], statement: Any) -> Iterator[str | int]:
    """The places in `location`, without the names of kinds and the mark of a faulty key."""
    here = statement
    for part in location:
        if _has(here, part):
            here = here[part]
        elif is_kind(part) or part == _KEY:
            continue
        else:
            here = None
        yield part


def _has(here: Any, part: str | int) -> bool:
    if isinstance(here, Mapping):
        return part in here
    return isinstance(here, list) and isinstance(part, int) and part < len(here)


def _pointer(path: Sequence[str | int]) -> str:
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in path)


def _section(item: ErrorDetails, path: Sequence[str | int]) -> str:
    named = item.get("ctx", {}).get("section")
    if named:
        return str(named)
    known = [spec.SECTION_OF_PROPERTY[str(part)] for part in path if str(part) in spec.SECTION_OF_PROPERTY]
    return known[-1] if known else spec.FORMATTING
