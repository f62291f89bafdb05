"""Statements to start from, and ways to change one place in them."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from schemas.outcomes import Fault, Rejected
from schemas.xapi import validate_statement

AGENT = {"mbox": "mailto:ana@example.com"}
ACTIVITY = {"id": "https://learn.example.com/course/1"}
MINIMAL: dict[str, Any] = {
    "actor": AGENT,
    "verb": {"id": "http://adlnet.gov/expapi/verbs/completed"},
    "object": ACTIVITY,
}

FULL: dict[str, Any] = {
    "id": "fd41c918-b88b-4b20-a0a5-a4c32391aaa0",
    "actor": {
        "objectType": "Group",
        "name": "Team",
        "account": {"homePage": "https://lms.example.com/", "name": "team-1"},
        "member": [{"objectType": "Agent", "name": "Ana", "mbox": "mailto:ana@example.com"}],
    },
    "verb": {"id": "http://adlnet.gov/expapi/verbs/answered", "display": {"en-US": "answered"}},
    "object": {
        "objectType": "Activity",
        "id": "https://learn.example.com/q/1",
        "definition": {
            "name": {"en-US": "Question", "de": "Frage"},
            "description": {"en-US": "Which?"},
            "type": "http://adlnet.gov/expapi/activities/cmi.interaction",
            "moreInfo": "https://learn.example.com/q/1/about",
            "interactionType": "choice",
            "correctResponsesPattern": ["a[,]b"],
            "choices": [{"id": "a", "description": {"en-US": "A"}}, {"id": "b"}],
            "extensions": {"https://example.com/ext/x": None},
        },
    },
    "result": {
        "score": {"scaled": 0.5, "raw": 5, "min": 0, "max": 10},
        "success": True,
        "completion": False,
        "response": "a[,]b",
        "duration": "PT1H30M0.5S",
        "extensions": {"https://example.com/ext/y": {"deep": [None, {}]}},
    },
    "context": {
        "registration": "ec531277-b57b-4c15-8d91-d292c5b2b8f7",
        "instructor": {"objectType": "Agent", "openid": "https://id.example.com/ines"},
        "team": {"objectType": "Group", "member": [AGENT]},
        "contextActivities": {
            "parent": [{"id": "https://learn.example.com/quiz/1"}],
            "grouping": {"objectType": "Activity", "id": "https://learn.example.com/course/1"},
            "category": [],
            "other": [ACTIVITY],
        },
        "revision": "2",
        "platform": "LMS",
        "language": "en-US",
        "statement": {"objectType": "StatementRef", "id": "ec531277-b57b-4c15-8d91-d292c5b2b8f8"},
        "extensions": {},
    },
    "timestamp": "2026-03-01T09:30:00.123456Z",
    "stored": "2026-03-01T09:30:01Z",
    "authority": {"mbox_sha1sum": "ebd31e95054c018b10727ccffd2ef2ec3a016ee9"},
    "version": "1.0.3",
    "attachments": [
        {
            "usageType": "http://example.com/usage",
            "display": {"en-US": "Paper"},
            "description": {"en-US": "A paper"},
            "contentType": "text/plain; charset=utf-8",
            "length": 27,
            "sha2": "495395e777cd98da653df9615d09c0fd6bb2f8d4788394cd53c56a3bfdcd848a",
            "fileUrl": "https://example.com/paper.txt",
        }
    ],
}

SUBSTATEMENT: dict[str, Any] = {"objectType": "SubStatement", **MINIMAL}
STATEMENT_REF = {"objectType": "StatementRef", "id": "ec531277-b57b-4c15-8d91-d292c5b2b8f8"}


def faults(statement: object, version: str = "1.0.3") -> tuple[Fault, ...]:
    """What is wrong with it; empty for a valid one."""
    outcome = validate_statement(statement, version)
    return outcome.faults if isinstance(outcome, Rejected) else ()


def pointers(statement: object, version: str = "1.0.3") -> list[str]:
    """Where it is wrong."""
    return [fault.pointer for fault in faults(statement, version)]


def place(statement: dict[str, Any], pointer: str, value: object) -> dict[str, Any]:
    """A copy with `value` at `pointer`."""
    copy = deepcopy(statement)
    parent, last = _parent(copy, pointer)
    parent[last] = value
    return copy


def remove(statement: dict[str, Any], pointer: str) -> dict[str, Any]:
    """A copy without what is at `pointer`."""
    copy = deepcopy(statement)
    parent, last = _parent(copy, pointer)
    del parent[last]
    return copy


def places(value: object, pointer: str = "") -> Iterator[tuple[str, Any]]:
    """Every pointer below `value` and what is there, but for the inside of extensions."""
    if pointer:
        yield pointer, value
    if pointer.endswith("/extensions"):
        return
    if isinstance(value, dict):
        for name, item in value.items():
            yield from places(item, f"{pointer}/{name}")
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from places(item, f"{pointer}/{index}")


def _parent(statement: dict[str, Any], pointer: str) -> tuple[Any, Any]:
    here: Any = statement
    *path, last = pointer.split("/")[1:]
    for part in path:
        here = here[int(part) if isinstance(here, list) else part]
    return here, int(last) if isinstance(here, list) else last
