"""Ids that were used before, and statements given back: by one adapter, by another, and after a restart."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from python_multipart.multipart import parse_options_header

from lrs_adapter.wire.multipart import split_parts
from tests.contract.adapter_kit import (
    Adapter,
    is_ready,
    new_id,
    serving,
    settings_for,
    statement,
    until,
    void_of,
)
from tests.unit.adapter.attachments_kit import BOUNDARY, described, mixed, part_of


@pytest.fixture(scope="module")
def other(adapter: Adapter, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Adapter]:
    """A second adapter on the same log."""
    home = tmp_path_factory.mktemp("other")
    with serving(
        settings_for(adapter.kafka, home, attachments_dir=adapter.attachments), adapter.kafka
    ) as served:
        until(lambda: is_ready(served), 20)
        yield served


def _post(adapter: Adapter, *statements: dict[str, Any], name: str = "strict") -> httpx.Response:
    with adapter.sender(name) as sender:
        return sender.post("/statements", json=list(statements))


def _get(adapter: Adapter, name: str = "auditor", /, **parameters: str) -> httpx.Response:
    with adapter.sender(name) as sender:
        return sender.get("/statements", params=parameters)


def _remembered_by(adapter: Adapter, sent: dict[str, Any]) -> None:
    assert _get(adapter, statementId=sent["id"]).status_code == 200


def test_another_content_under_the_same_id_is_a_conflict(adapter: Adapter) -> None:
    sent = statement()
    assert _post(adapter, sent).status_code == 200
    with adapter.sender() as sender:
        batch = [statement(), statement(id=sent["id"]), statement()]
        refused = sender.post("/statements", json=batch)
        assert adapter.recorded(sender) == []
    assert refused.status_code == 409
    assert sent["id"] in refused.json()["detail"]
    assert [(fault["statement"], json.loads(fault["value"])) for fault in refused.json()["faults"]] == [
        (1, sent["id"])
    ]


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"verb": {"id": "http://adlnet.gov/expapi/verbs/completed", "display": {"de": "fertig"}}}, 200),
        (
            {"object": {"id": "https://learn.example.com/course/1", "definition": {"name": {"en": "One"}}}},
            200,
        ),
        ({"timestamp": "2026-11-02T10:00:00Z"}, 200),
        ({"stored": "2026-11-02T10:00:00Z"}, 200),
        ({"version": "1.0.3"}, 200),
        ({"authority": {"mbox": "mailto:lrs@example.com"}}, 200),
        ({"attachments": [described(b"x", fileUrl="https://files.example.com/x")]}, 200),
        ({"result": {"duration": "PT90.001S"}}, 200),
        ({"result": {"duration": "PT91S"}}, 409),
        ({"result": {"duration": "PT1M30S", "success": True}}, 409),
        ({"result": {}}, 409),
        ({"actor": {"mbox": "mailto:somebody@example.com"}}, 409),
        ({"context": {"platform": "x"}}, 409),
    ],
    ids=str,
)
def test_what_counts_as_another_content(adapter: Adapter, change: dict[str, Any], status: int) -> None:
    sent = statement(result={"duration": "PT1M30S"})
    assert _post(adapter, sent).status_code == 200
    assert _post(adapter, dict(reversed((sent | change).items()))).status_code == status


def test_a_put_conflicts_as_well(adapter: Adapter) -> None:
    sent = statement()
    assert _post(adapter, sent).status_code == 200
    with adapter.sender() as sender:
        parameters = {"statementId": sent["id"].upper()}
        again = sender.put("/statements", params=parameters, json=sent)
        other = sender.put("/statements", params=parameters, json=statement(id=sent["id"]))
    assert (again.status_code, other.status_code) == (204, 409)


def test_a_batch_of_duplicates_and_new_ones_is_accepted_in_order(adapter: Adapter) -> None:
    first = [statement() for _ in range(5)]
    assert _post(adapter, *first).status_code == 200
    mixed = [statement(), *reversed(first), statement()]
    response = _post(adapter, *mixed)
    assert (response.status_code, response.json()) == (200, [one["id"] for one in mixed])


def test_a_conflict_is_the_streams_where_good_ones_are_accepted(adapter: Adapter) -> None:
    sent = statement()
    assert _post(adapter, sent).status_code == 200
    assert _post(adapter, statement(), statement(id=sent["id"]), name="forwarder").status_code == 200


def test_a_conflict_with_what_another_adapter_accepted(adapter: Adapter, other: Adapter) -> None:
    sent = statement()
    assert _post(adapter, sent).status_code == 200
    _remembered_by(other, sent)
    assert _post(other, statement(id=sent["id"])).status_code == 409
    assert _post(other, sent).status_code == 200


def test_a_restart_remembers(adapter: Adapter, tmp_path: Path) -> None:
    sent = statement()
    assert _post(adapter, sent).status_code == 200
    with serving(settings_for(adapter.kafka, tmp_path), adapter.kafka) as restarted:
        until(lambda: is_ready(restarted), 20)
        _remembered_by(restarted, sent)
        assert _post(restarted, statement(id=sent["id"])).status_code == 409


def test_what_one_adapter_acknowledged_the_other_gives_at_once(adapter: Adapter, other: Adapter) -> None:
    for giver, taker in ((adapter, other), (other, adapter)) * 10:
        sent = statement()
        assert _post(taker, sent).status_code == 200
        assert _get(giver, statementId=sent["id"]).json()["actor"] == sent["actor"]


def test_a_statement_is_given_back_with_what_is_ours(adapter: Adapter) -> None:
    sent = statement(result={"extensions": {"https://x.example/y": [1, "ö"]}})
    assert _post(adapter, sent, name="reader").status_code == 200
    response = _get(adapter, "reader", statementId=sent["id"].upper())
    given = response.json()
    assert {name: given[name] for name in sent} == sent
    assert given["authority"]["account"] == {"homePage": "http://localhost", "name": "reader"}
    assert given["timestamp"] == given["stored"]
    assert given["version"] == "1.0.0"
    assert response.headers["content-type"] == "application/json"
    assert response.headers["last-modified"].endswith("GMT")
    assert response.headers["x-experience-api-consistent-through"] >= given["stored"]


def test_head_is_get_without_the_body(adapter: Adapter) -> None:
    sent = statement()
    assert _post(adapter, sent).status_code == 200
    with adapter.sender("auditor") as sender:
        found = sender.head("/statements", params={"statementId": sent["id"]})
        missing = sender.head("/statements/", params={"statementId": new_id()})
    assert (found.status_code, found.content, missing.status_code) == (200, b"", 404)
    assert int(found.headers["content-length"]) > 0


def test_a_form_stands_for_a_get(adapter: Adapter) -> None:
    sent = statement()
    assert _post(adapter, sent).status_code == 200
    with adapter.sender("auditor") as sender:
        response = sender.post("/statements?method=GET", data={"statementId": sent["id"]})
    assert response.json()["id"] == sent["id"]


def test_a_voided_statement_is_given_as_such_only(adapter: Adapter, other: Adapter) -> None:
    sent = statement()
    void = void_of(sent["id"])
    assert _post(adapter, sent, void).status_code == 200
    assert _post(adapter, void_of(void["id"])).status_code == 200
    for giver in (adapter, other):
        assert _get(giver, statementId=sent["id"]).status_code == 404
        assert _get(giver, voidedStatementId=sent["id"]).json()["id"] == sent["id"]
        assert _get(giver, statementId=void["id"]).status_code == 200
        assert _get(giver, voidedStatementId=void["id"]).status_code == 404


def test_attachments_are_given_back(adapter: Adapter) -> None:
    sent = statement(attachments=[described(b"first"), described(b"second")])
    body = mixed([sent], [part_of(b"first"), part_of(b"second")])
    content_type = f"multipart/mixed; boundary={BOUNDARY}"
    with adapter.sender("auditor") as sender:
        stored = sender.post("/statements", content=body, headers={"Content-Type": content_type})
    assert stored.status_code == 200, stored.text
    response = _get(adapter, statementId=sent["id"], attachments="true")
    media_type, options = parse_options_header(response.headers["content-type"])
    parts = split_parts(response.content, options[b"boundary"].decode(), 10)
    assert media_type == b"multipart/mixed"
    assert isinstance(parts, list)
    assert json.loads(parts[0].content)["id"] == sent["id"]
    assert {part.content for part in parts[1:]} == {b"first", b"second"}
    assert _get(adapter, statementId=sent["id"]).headers["content-type"] == "application/json"


def test_a_sender_sees_its_own_only(adapter: Adapter) -> None:
    own, foreign = statement(), statement()
    assert _post(adapter, own, name="reader").status_code == 200
    assert _post(adapter, foreign, name="writer").status_code == 200
    assert _get(adapter, "reader", statementId=own["id"]).status_code == 200
    assert _get(adapter, "reader", statementId=foreign["id"]).status_code == 404
    assert _get(adapter, "auditor", statementId=foreign["id"]).status_code == 200
    assert _get(adapter, "writer", statementId=foreign["id"]).status_code == 403


@pytest.mark.parametrize(
    "parameters",
    [
        {},
        {"limit": "1"},
        {"statementId": "5"},
        {"statementId": new_id(), "voidedStatementId": new_id()},
        {"statementId": new_id(), "agent": "{}"},
        {"statementId": new_id(), "attachments": "yes"},
        {"statementId": new_id(), "format": "canonical"},
        {"statementid": new_id()},
        {"format": "ids"},
    ],
)
def test_other_queries_are_refused(adapter: Adapter, parameters: dict[str, str]) -> None:
    response = _get(adapter, **parameters)
    assert (response.status_code, response.json()["type"]) == (400, "urn:readystream:problem:query")


def test_what_is_not_remembered_is_not_found(adapter: Adapter) -> None:
    response = _get(adapter, statementId=new_id())
    assert (response.status_code, response.json()["type"]) == (404, "urn:readystream:problem:not-found")


def test_reading_needs_a_version_and_credentials(adapter: Adapter) -> None:
    with adapter.sender("auditor", None) as sender:
        assert sender.get("/statements", params={"statementId": new_id()}).status_code == 400
    address = f"{adapter.url}/xapi/statements"
    assert httpx.get(address, params={"statementId": new_id()}).status_code == 401
