"""What stands in the log for what was sent."""

import json
import time

import pytest

from schemas.avro_schemas import schema_version
from schemas.persona import canonical_key, persona_id
from schemas.topics import STATEMENTS, partition_for
from schemas.trace_context import parsed
from tests.contract.adapter_kit import TENANT_KEY, Adapter, decoded, new_id, statement, void_of

TRACEPARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


def _persona(actor: dict[str, object]) -> str:
    key = canonical_key(actor)
    assert key is not None
    return persona_id(TENANT_KEY.encode(), key)


def test_a_statement_stands_in_the_log_byte_for_byte(adapter: Adapter) -> None:
    sent = statement()
    result = '"result": {"score": {"raw": 1.0, "max": 1e2}, "response": "\\u00e9 ü 🎓 \\"]}"}'
    odd = f"{json.dumps(sent, indent=3)[:-2]},\n {result} }}".encode()
    before = time.time_ns() // 1000
    with adapter.sender() as sender:
        response = sender.post("/statements", content=odd, headers={"Content-Type": "application/json"})
    assert response.json() == [sent["id"]]
    (record,) = adapter.recorded(sender)
    value = decoded(record)
    assert value["statement"] == odd
    assert value["statement_id"] == sent["id"]
    assert value["persona_id"] == _persona(sent["actor"])
    assert before <= value["received_at"] <= value["stored_at"] <= time.time_ns() // 1000
    assert (value["credential"], value["source"], value["xapi_version"]) == ("strict", "http", "1.0.3")
    assert value["correlation_id"] == sender.headers["x-correlation-id"]
    assert (value["voids"], value["copy"]) == ("", False)
    assert record.key == value["persona_id"].encode()
    assert record.partition == partition_for(value["persona_id"], 4)


def test_the_senders_trace_context_stands_in_the_headers(adapter: Adapter) -> None:
    with adapter.sender(traceparent=TRACEPARENT) as sender:
        sender.post("/statements", json=[statement(), statement()])
    for record in adapter.recorded(sender):
        assert dict(record.headers) == {
            "correlation_id": sender.headers["x-correlation-id"].encode(),
            "traceparent": TRACEPARENT.encode(),
            "content-type": b"application/avro",
            "schema_version": schema_version(STATEMENTS.name).encode(),
        }


@pytest.mark.parametrize("given", [{}, {"traceparent": "nonsense"}], ids=["none", "a bad one"])
def test_without_a_valid_trace_context_one_is_made(adapter: Adapter, given: dict[str, str]) -> None:
    with adapter.sender(**given) as sender:
        sender.post("/statements", json=[statement(), statement()])
    made = {dict(record.headers)["traceparent"].decode() for record in adapter.recorded(sender)}
    assert len(made) == 1
    assert parsed(made.pop()) is not None


def test_statements_of_an_array_keep_their_bytes_too(adapter: Adapter) -> None:
    texts = [json.dumps(statement(), indent=index).encode() for index in range(1, 9)]
    body = b" [\n" + b" ,\t".join(texts) + b"\r\n] "
    with adapter.sender() as sender:
        response = sender.post("/statements", content=body, headers={"Content-Type": "application/json"})
    assert response.status_code == 200
    found = {decoded(record)["statement"] for record in adapter.recorded(sender)}
    assert found == set(texts)


def test_a_made_id_stands_in_the_statement(adapter: Adapter) -> None:
    sent = statement()
    del sent["id"]
    with adapter.sender() as sender:
        (made,) = sender.post("/statements", json=sent).json()
    (record,) = adapter.recorded(sender)
    assert decoded(record)["statement_id"] == made
    assert json.loads(decoded(record)["statement"]) == {"id": made, **sent}


def test_puts_parameter_stands_in_the_statement(adapter: Adapter) -> None:
    sent = statement()
    identifier = sent.pop("id")
    with adapter.sender() as sender:
        params = {"statementId": identifier.upper()}
        assert sender.put("/statements", json=sent, params=params).status_code == 204
    (record,) = adapter.recorded(sender)
    assert json.loads(decoded(record)["statement"])["id"] == identifier


def test_a_personas_statements_keep_their_order(adapter: Adapter) -> None:
    actor = {"mbox": "mailto:Ana@Example.com"}
    statements = [statement(actor=actor) for _ in range(100)]
    with adapter.sender() as sender:
        sender.post("/statements", json=statements[:60])
        sender.post("/statements", json=statements[60:])
    found = adapter.recorded(sender)
    assert [decoded(record)["statement_id"] for record in found] == [sent["id"] for sent in statements]
    assert {record.key for record in found} == {_persona({"mbox": "mailto:ana@example.com"}).encode()}


def test_a_void_stands_in_every_partition(adapter: Adapter) -> None:
    target = new_id()
    void = void_of(target.upper())
    with adapter.sender() as sender:
        assert sender.post("/statements", json=void).json() == [void["id"]]
    found = adapter.recorded(sender)
    home = partition_for(_persona(void["actor"]), 4)
    assert [record.partition for record in found] == [0, 1, 2, 3]
    assert [record.partition for record in found if not decoded(record)["copy"]] == [home]
    assert {decoded(record)["voids"] for record in found} == {target}
    assert len({decoded(record)["statement"] for record in found}) == 1


def test_an_anonymous_group_is_nobodys_persona(adapter: Adapter) -> None:
    sent = statement(actor={"objectType": "Group", "member": [{"mbox": "mailto:ana@example.com"}]})
    with adapter.sender() as sender:
        sender.post("/statements", json=sent)
    (record,) = adapter.recorded(sender)
    assert decoded(record)["persona_id"] == ""
    assert record.key == sent["id"].encode()


def test_the_version_of_a_lenient_sender_is_its_default(adapter: Adapter) -> None:
    with adapter.sender("lenient", version=None) as sender:
        sender.put("/statements", json=statement())
    (record,) = adapter.recorded(sender)
    assert (decoded(record)["xapi_version"], decoded(record)["credential"]) == ("1.0.3", "lenient")
