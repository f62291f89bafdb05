"""When two statements say the same thing."""

from typing import Any

import pytest

from schemas.equality import content_digest

STATEMENT: dict[str, Any] = {
    "id": "6690e6c9-3ef0-4ed3-8b37-7f3964730bee",
    "actor": {"mbox": "mailto:lena@example.com"},
    "verb": {"id": "http://adlnet.gov/expapi/verbs/passed", "display": {"en": "passed"}},
    "object": {"id": "https://learn.example.com/a", "definition": {"name": {"en": "A"}}},
    "result": {"score": {"scaled": 0.9}},
}


@pytest.mark.parametrize(
    "change",
    [
        {"id": "00000000-0000-4000-8000-000000000000"},
        {"stored": "2026-11-02T10:00:00Z"},
        {"timestamp": "2026-11-02T10:00:00Z"},
        {"version": "1.0.0"},
        {"authority": {"mbox": "mailto:lrs@example.com"}},
        {"attachments": []},
        {"verb": {"id": "http://adlnet.gov/expapi/verbs/passed", "display": {"de": "bestanden"}}},
        {"object": {"id": "https://learn.example.com/a"}},
    ],
    ids=lambda change: next(iter(change)),
)
def test_what_does_not_change_the_meaning(change: dict[str, Any]) -> None:
    assert content_digest(STATEMENT | change) == content_digest(STATEMENT)


@pytest.mark.parametrize(
    "change",
    [
        {"actor": {"mbox": "mailto:mia@example.com"}},
        {"verb": {"id": "http://adlnet.gov/expapi/verbs/failed"}},
        {"object": {"id": "https://learn.example.com/b"}},
        {"result": {"score": {"scaled": 0.8}}},
        {"result": {"score": {"scaled": 0.9}, "extensions": {"https://x.example/definition": 1}}},
        {"context": {"registration": "f41a68af-a9d5-4f2c-8fc6-04789c3aa726"}},
    ],
    ids=lambda change: next(iter(change)),
)
def test_what_does(change: dict[str, Any]) -> None:
    assert content_digest(STATEMENT | change) != content_digest(STATEMENT)


def test_member_order_does_not_matter() -> None:
    assert content_digest(dict(reversed(STATEMENT.items()))) == content_digest(STATEMENT)
