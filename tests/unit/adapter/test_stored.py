"""A statement as it is given back."""

import json
from typing import Any

import pytest

from lrs_adapter.statements.ids_only import ids_only
from lrs_adapter.statements.stored import stored_from
from tests.unit.adapter.samples import ID, STATEMENT

RECORD: dict[str, Any] = {"stored_at": 1_790_000_000_123_456, "credential": "lms", "xapi_version": "1.0.3"}
STORED = "2026-09-21T14:13:20.123456Z"


def _given(text: str, **changes: Any) -> str:
    return stored_from({**RECORD, "statement": text.encode(), **changes}, "https://lrs.example").text.decode()


def test_what_is_ours_is_set_and_the_rest_keeps_its_text() -> None:
    text = '{"id": "X", "result": {"score": {"raw": 1.0, "max": 1e2}}, "stored": "2020-01-01T00:00:00Z"}'
    given = _given(text)
    assert '{"score": {"raw": 1.0, "max": 1e2}}' in given
    assert json.loads(given) == {
        "id": "X",
        "result": {"score": {"raw": 1.0, "max": 100.0}},
        "stored": STORED,
        "timestamp": STORED,
        "version": "1.0.0",
        "authority": {"objectType": "Agent", "account": {"homePage": "https://lrs.example", "name": "lms"}},
    }


@pytest.mark.parametrize(
    ("sent", "given"),
    [
        ("2026-01-02T03:04:05.1234567Z", "2026-01-02T03:04:05.1234567Z"),
        ("2026-01-02T03:04:05.5+02:00", "2026-01-02T01:04:05.500000Z"),
        ("2026-01-02T03:04:05", "2026-01-02T03:04:05.000000Z"),
        ("2026-01-02T24:04:05+0", "2026-01-02T24:04:05+0"),
    ],
)
def test_the_timestamp_is_in_utc(sent: str, given: str) -> None:
    assert json.loads(_given(json.dumps(STATEMENT | {"timestamp": sent})))["timestamp"] == given


def test_a_version_that_was_sent_stays() -> None:
    assert json.loads(_given('{"version": "1.0.1"}'))["version"] == "1.0.1"
    assert json.loads(_given("{}", xapi_version="2.0"))["version"] == "2.0.0"


def test_the_stored_time_as_http_writes_it() -> None:
    stored = stored_from({**RECORD, "statement": json.dumps({"id": ID}).encode()}, "https://lrs.example")
    assert stored.last_modified == "Mon, 21 Sep 2026 14:13:20 GMT"


@pytest.mark.parametrize("within", ["{}", '{{"object": {}}}'], ids=["statement", "substatement"])
def test_a_single_context_activity_becomes_a_list(within: str) -> None:
    context = '{"context": {"contextActivities": {"parent": {"id": "x:a"}, "other": [ {"id": "x:b"} ]}}}'
    given = json.loads(_given(within.format(context)))
    found = given.get("object", given)["context"]["contextActivities"]
    assert found == {"parent": [{"id": "x:a"}], "other": [{"id": "x:b"}]}


def test_ids_only_is_what_identifies() -> None:
    lena = {"objectType": "Agent", "mbox": "mailto:lena@example.com"}
    activity = {"id": "x:a", "definition": {"name": {"en": "A"}}}
    inner = {
        "actor": lena | {"name": "Lena"},
        "verb": {"id": "x:v", "display": {"en": "v"}},
        "object": activity,
    }
    statement = inner | {
        "id": ID,
        "object": inner | {"objectType": "SubStatement"},
        "context": {
            "team": {"objectType": "Group", "name": "Us", "member": [lena | {"name": "Lena"}]},
            "contextActivities": {"parent": [activity]},
            "platform": "x",
        },
    }
    reduced = {"actor": lena, "verb": {"id": "x:v"}, "object": {"id": "x:a"}}
    assert ids_only(statement) == reduced | {
        "id": ID,
        "object": reduced | {"objectType": "SubStatement"},
        "context": {
            "team": {"objectType": "Group", "member": [lena]},
            "contextActivities": {"parent": [{"id": "x:a"}]},
            "platform": "x",
        },
    }


@pytest.mark.parametrize(
    ("value", "reduced"),
    [
        ({"objectType": "StatementRef", "id": ID}, {"objectType": "StatementRef", "id": ID}),
        ({"objectType": "Agent", "name": "A", "openid": "x:o"}, {"objectType": "Agent", "openid": "x:o"}),
        (
            {"objectType": "Group", "mbox": "mailto:g@x", "member": [{}]},
            {"objectType": "Group", "mbox": "mailto:g@x"},
        ),
    ],
)
def test_other_objects_in_ids(value: dict[str, Any], reduced: dict[str, Any]) -> None:
    assert ids_only(STATEMENT | {"object": value})["object"] == reduced
