"""The OpenAPI document of the adapter: valid, and its examples are what the adapter takes and answers."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import schemathesis
from jsonschema import Draft202012Validator

from lrs_adapter.hr.events import read_event
from lrs_adapter.hr.links import Provenance
from lrs_adapter.hr.rows import HomePages
from lrs_adapter.http.openapi_examples import HR_EVENT_EXAMPLE, PROBLEM_EXAMPLE, STATEMENT_EXAMPLE
from lrs_adapter.statements.batch import Batch
from lrs_adapter.statements.judgement import read_batch
from lrs_adapter.wire.problems import Problem, problem_body
from schemas.outcomes import Rejected
from tests.unit.adapter.samples import delivery

_DOCUMENT = json.loads(Path("docs/reference/openapi.json").read_text("utf-8"))


def _examples(node: Any) -> Iterator[tuple[Any, Any]]:
    """(schema, example) of every media type that has one."""
    if isinstance(node, dict):
        if "example" in node:
            yield node["schema"], node["example"]
        for inner in node.values():
            yield from _examples(inner)
    elif isinstance(node, list):
        for inner in node:
            yield from _examples(inner)


def test_the_document_is_valid() -> None:
    schemathesis.openapi.from_dict(_DOCUMENT).validate()


def test_every_resource_is_there() -> None:
    assert _DOCUMENT["paths"].keys() >= {"/xapi/statements", "/xapi/about", "/hr/events", "/readyz"}


def test_examples_fit_their_schemas() -> None:
    found = list(_examples(_DOCUMENT["paths"]))
    assert len(found) >= 5
    for schema, example in found:
        whole = {"components": _DOCUMENT["components"], **schema}
        assert [fault.message for fault in Draft202012Validator(whole).iter_errors(example)] == []


def test_the_example_statement_is_accepted() -> None:
    assert isinstance(read_batch(json.dumps([STATEMENT_EXAMPLE]).encode(), delivery(), 1), Batch)


def test_the_example_of_a_refusal_is_what_is_answered() -> None:
    wrong = {**STATEMENT_EXAMPLE, "verb": {"id": "passed"}}
    refused = read_batch(json.dumps([wrong]).encode(), delivery(), 1)
    assert isinstance(refused, Problem)
    assert problem_body(refused, PROBLEM_EXAMPLE["correlation_id"]) == PROBLEM_EXAMPLE


def test_the_example_of_an_hr_event_makes_links() -> None:
    said = Provenance(b"k" * 16, "hr", "hr", 0, "c")
    event = read_event(json.dumps(HR_EVENT_EXAMPLE).encode(), said, HomePages("", ""))
    assert not isinstance(event, Rejected)
    assert len({link["persona_id"] for link in event.links}) == 4  # two addresses and their hashes
