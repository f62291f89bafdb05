"""Configuration written as YAML: read it, and put every problem into one sentence each."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from schemas.errors import ConfigError

Model = TypeVar("Model", bound=BaseModel)
Entry = Mapping[str, Any]


def read_yaml(text: str, source: str) -> Entry:
    """The mapping that the text holds; `ConfigError` when it isn't YAML or holds something else."""
    try:
        document = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ConfigError(source, [f"not YAML: {' '.join(str(error).split())}"]) from error
    if not isinstance(document, dict):
        raise ConfigError(source, ["the document must be a mapping of names to values"])
    return document


def validate(model: type[Model], document: Entry, source: str, relations: Iterable[str]) -> Model:
    """The model of a document, or `ConfigError` with its faults of shape and of `relations` together."""
    related = list(relations)
    try:
        value = model.model_validate(document)
    except ValidationError as error:
        raise ConfigError(source, [*_sentences(error), *related]) from error
    if related:
        raise ConfigError(source, related)
    return value


def _sentences(error: ValidationError) -> list[str]:
    return [f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors()]


def entries(document: Entry, name: str) -> list[Entry]:
    """The list under `name`, as far as it is one: relations are checked even where shapes are wrong."""
    listed = document.get(name)
    return [entry for entry in listed if isinstance(entry, dict)] if isinstance(listed, list) else []


def texts(listed: Iterable[Entry], name: str) -> list[str]:
    """The values of one field, where they are text."""
    return [entry[name] for entry in listed if isinstance(entry.get(name), str)]


def repeated(values: Iterable[str]) -> list[str]:
    """Values that occur more than once, sorted."""
    return sorted(value for value, count in Counter(values).items() if count > 1)
