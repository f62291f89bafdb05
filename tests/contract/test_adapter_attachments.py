"""Multipart bodies over the wire, and where the data of attachments goes."""

import json
from collections.abc import Iterator

import httpx

from tests.contract.adapter_kit import Adapter, decoded, statement
from tests.unit.adapter.attachments_kit import BOUNDARY, described, mixed, part_of, signature, sum_of

MIXED = {"Content-Type": f"multipart/mixed; boundary={BOUNDARY}"}
DATA = bytes(range(256)) * 1000


def _post(sender: httpx.Client, body: bytes) -> httpx.Response:
    return sender.post("/statements", content=body, headers=MIXED)


def test_lrspipe_sends_multipart_in_chunks_without_any_attachment(adapter: Adapter) -> None:
    statements = [statement() for _ in range(50)]
    body = mixed(statements)

    def chunks() -> Iterator[bytes]:
        for start in range(0, len(body), 97):
            yield body[start : start + 97]

    with adapter.sender() as sender:
        response = sender.post("/statements", content=chunks(), headers=MIXED)
    assert response.status_code == 200
    assert response.json() == [sent["id"] for sent in statements]
    assert {decoded(record)["statement_id"] for record in adapter.recorded(sender)} == set(response.json())


def test_data_is_on_the_disk_before_the_answer(adapter: Adapter) -> None:
    sent = statement(
        attachments=[described(DATA), described(b"elsewhere", fileUrl="https://files.example.com/1")]
    )
    with adapter.sender() as sender:
        for _ in range(2):
            assert _post(sender, mixed(sent, [part_of(DATA)])).json() == [sent["id"]]
    name = sum_of(DATA)
    assert (adapter.attachments / name[:2] / name).read_bytes() == DATA
    assert [path.name for path in (adapter.attachments / name[:2]).iterdir()] == [name]
    assert not list(adapter.attachments.rglob(sum_of(b"elsewhere")))
    records = adapter.recorded(sender)
    assert [decoded(record)["statement"] for record in records] == [json.dumps(sent).encode()] * 2


def test_a_put_can_have_attachments(adapter: Adapter) -> None:
    sent = statement(attachments=[described(b"of a put")])
    body = mixed(sent, [part_of(b"of a put")])
    with adapter.sender() as sender:
        response = sender.put("/statements", content=body, headers=MIXED, params={"statementId": sent["id"]})
    assert response.status_code == 204
    assert list(adapter.attachments.rglob(sum_of(b"of a put")))


def test_a_signed_statement(adapter: Adapter) -> None:
    signed = signature({"alg": "RS256"})
    kind = {
        "usageType": "http://adlnet.gov/expapi/attachments/signature",
        "contentType": "application/octet-stream",
    }
    with adapter.sender() as sender:
        response = _post(sender, mixed(statement(attachments=[described(signed, **kind)]), [part_of(signed)]))
    assert response.status_code == 200


def test_a_refused_request_leaves_no_data(adapter: Adapter) -> None:
    bad = statement(attachments=[described(b"refused")], verb={"id": "x"})
    with adapter.sender() as sender:
        response = _post(sender, mixed([statement(), bad], [part_of(b"refused")]))
        assert response.status_code == 400
        assert response.json()["faults"][0]["statement"] == 1
        assert adapter.recorded(sender) == []
    assert not list(adapter.attachments.rglob(sum_of(b"refused")))


def test_a_body_that_is_cut_off_is_refused(adapter: Adapter) -> None:
    sent = statement(attachments=[described(DATA)])
    with adapter.sender() as sender:
        response = _post(sender, mixed(sent, [part_of(DATA)])[:-10])
    assert response.status_code == 400
    assert "closing boundary" in response.json()["detail"]
