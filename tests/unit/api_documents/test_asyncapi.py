"""The AsyncAPI document: whole in itself, and its examples are records."""

from collections.abc import Iterator
from functools import reduce
from typing import Any

import pytest
from fastavro import parse_schema
from jsonschema import Draft7Validator

from readystream.asyncapi import asyncapi_document
from schemas import codec
from schemas.examples import EXAMPLES
from schemas.topics import CATALOGUE, Topic


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return asyncapi_document()


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    references = list(_references(document))
    assert len(references) > 2 * len(CATALOGUE)
    for reference in references:
        steps = [step.replace("~1", "/") for step in reference.removeprefix("#/").split("/")]
        assert reduce(lambda part, step: part[step], steps, document)


def _references(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        if set(part) == {"$ref"}:
            yield part["$ref"]
        for value in part.values():
            yield from _references(value)
    elif isinstance(part, list):
        for value in part:
            yield from _references(value)


def _message(document: dict[str, Any], topic: Topic) -> dict[str, Any]:
    (reference,) = document["channels"][topic.name]["messages"].values()
    name = reference["$ref"].rpartition("/")[2]
    message: dict[str, Any] = document["components"]["messages"][name]
    return message


@pytest.mark.parametrize("topic", CATALOGUE, ids=lambda topic: topic.name)
def test_the_example_of_a_message_is_a_record(document: dict[str, Any], topic: Topic) -> None:
    message = _message(document, topic)
    (example,) = message["examples"]
    assert list(Draft7Validator(message["headers"]).iter_errors(example["headers"])) == []
    value = _with_bytes(example["payload"], EXAMPLES[topic.name])
    assert codec.decode(topic, codec.encode(topic, value)) == EXAMPLES[topic.name]


def _with_bytes(shown: Any, meant: Any) -> Any:
    """`shown` with bytes where `meant` has them: JSON has them as text."""
    if isinstance(meant, bytes):
        return shown.encode("latin-1")
    if isinstance(meant, dict):
        return {name: _with_bytes(one, meant[name]) for name, one in shown.items()}
    return shown


@pytest.mark.parametrize("topic", CATALOGUE, ids=lambda topic: topic.name)
def test_the_schema_of_a_message_is_avro(document: dict[str, Any], topic: Topic) -> None:
    assert parse_schema(_message(document, topic)["payload"]["schema"], named_schemas={})


def test_operations_name_channels_that_exist(document: dict[str, Any]) -> None:
    named = {one["channel"]["$ref"].removeprefix("#/channels/") for one in document["operations"].values()}
    assert named == {topic.name for topic in CATALOGUE}
