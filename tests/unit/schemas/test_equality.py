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


UUID = "6690e6c9-3ef0-4ed3-8b37-7f3964730bee"
LENA, MIA = {"mbox": "mailto:lena@example.com"}, {"mbox": "mailto:mia@example.com"}


def _result(duration: str) -> dict[str, Any]:
    return {"result": {"duration": duration}}


def _group(*members: dict[str, str]) -> dict[str, Any]:
    return {"objectType": "Group", "member": list(members)}


SAME = {
    "thousandths of a second": (_result("PT1.231S"), _result("PT1.239S")),
    "a comma in a duration": (_result("PT1,23S"), _result("PT1.230S")),
    "minutes and seconds": (_result("PT1M30S"), _result("PT90S")),
    "case of a registration": (
        {"context": {"registration": UUID}},
        {"context": {"registration": UUID.upper()}},
    ),
    "case of a language": ({"context": {"language": "en-US"}}, {"context": {"language": "en-us"}}),
    "case of a context statement": (
        {"context": {"statement": {"objectType": "StatementRef", "id": UUID}}},
        {"context": {"statement": {"objectType": "StatementRef", "id": UUID.upper()}}},
    ),
    "case of a reference": (
        {"object": {"objectType": "StatementRef", "id": UUID}},
        {"object": {"objectType": "StatementRef", "id": UUID.upper()}},
    ),
    "order of a group": ({"actor": _group(LENA, MIA)}, {"actor": _group(MIA, LENA)}),
    "order of a team": ({"context": {"team": _group(LENA, MIA)}}, {"context": {"team": _group(MIA, LENA)}}),
    "one activity or a list of one": (
        {"context": {"contextActivities": {"parent": {"id": "x:a"}}}},
        {"context": {"contextActivities": {"parent": [{"id": "x:a", "definition": {}}]}}},
    ),
}
DIFFERENT = {
    "hundredths of a second": (_result("PT1.23S"), _result("PT1.24S")),
    "months": (_result("P1M"), _result("P30D")),
    "case of an extension": (
        {"result": {"extensions": {"x:a": "One"}}},
        {"result": {"extensions": {"x:a": "one"}}},
    ),
    "case of an activity": ({"object": {"id": "x:a"}}, {"object": {"id": "x:A"}}),
    "members of a group": ({"actor": _group(LENA, MIA)}, {"actor": _group(LENA)}),
    "order of activities": (
        {"context": {"contextActivities": {"parent": [{"id": "x:a"}, {"id": "x:b"}]}}},
        {"context": {"contextActivities": {"parent": [{"id": "x:b"}, {"id": "x:a"}]}}},
    ),
}


@pytest.mark.parametrize("level", ["statement", "substatement"])
@pytest.mark.parametrize(("one", "other"), SAME.values(), ids=SAME.keys())
def test_the_same_in_other_words(one: dict[str, Any], other: dict[str, Any], level: str) -> None:
    assert _digest(one, level) == _digest(other, level)


@pytest.mark.parametrize("level", ["statement", "substatement"])
@pytest.mark.parametrize(("one", "other"), DIFFERENT.values(), ids=DIFFERENT.keys())
def test_not_the_same(one: dict[str, Any], other: dict[str, Any], level: str) -> None:
    assert _digest(one, level) != _digest(other, level)


def _digest(change: dict[str, Any], level: str) -> bytes:
    changed = STATEMENT | change
    inner = STATEMENT | {"object": changed | {"objectType": "SubStatement"}}
    return content_digest(changed if level == "statement" else inner)


@pytest.mark.parametrize(
    "odd",
    [
        {"result": {"duration": 5}},
        _result("soon"),
        _result("PT99999999999999999999S"),
        _result(f"PT{'9' * 400}S"),
        {"context": 3},
        {"actor": []},
    ],
)
def test_what_is_odd_or_not_valid_has_a_digest_as_well(odd: dict[str, Any]) -> None:
    assert len(content_digest(STATEMENT | odd)) == 16
