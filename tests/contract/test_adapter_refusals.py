"""Bad input gets the right code and a helpful message, writes nothing, and harms nobody."""

import json
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from tests.contract.adapter_kit import BODY_LIMIT, PREFIX, SECRET, Adapter, new_id, statement, void_of
from tests.unit.adapter.attachments_kit import described

JSON = {"Content-Type": "application/json"}
TEXT = json.dumps(statement())


@dataclass(frozen=True)
class Bad:
    """A request to refuse, the status it gets and words of the message."""

    status: int
    says: str
    content: bytes = TEXT.encode()
    method: str = "POST"
    sender: str = "strict"
    version: str | None = "1.0.3"
    headers: dict[str, str] = field(default_factory=lambda: JSON)
    params: dict[str, str] = field(default_factory=dict)
    secret: str = SECRET


def _json(value: Any) -> bytes:
    return json.dumps(value).encode()


_ID = new_id()
BAD = {
    "malformed": Bad(400, "malformed", b'{"actor":'),
    "empty body": Bad(400, "malformed", b""),
    "not json": Bad(400, "malformed", b"<statement/>"),
    "trailing text": Bad(400, "malformed", TEXT.encode() + b"x"),
    "not utf-8": Bad(400, "malformed", TEXT.replace("course", "cour\xff").encode("latin-1")),
    "nan": Bad(400, "malformed", TEXT[:-1].encode() + b',"result":{"score":{"raw":NaN}}}'),
    "huge number": Bad(400, "malformed", TEXT[:-1].encode() + b',"result":{"score":{"raw":1e999}}}'),
    "too deep": Bad(400, "malformed", b'{"a":' * 5000 + b"1" + b"}" * 5000),
    "too deep to compare": Bad(
        400,
        "nested too deeply",
        TEXT[:-1].encode() + b',"result":{"extensions":{"x:y":' + b"[" * 260 + b"]" * 260 + b"}}}",
    ),
    "too deep in an array": Bad(400, "nested too deeply", b"[" * 100_000 + b"]" * 100_000),
    "repeated name": Bad(
        400, 'names \\"verb\\" more than once', TEXT[:-1].encode() + b',"verb":{"id":"x:y"}}'
    ),
    "a number": Bad(400, "must be an object", b"5"),
    "null": Bad(400, "must be an object", b"null"),
    "wrong type": Bad(400, "/verb/id", _json(statement(verb={"id": 5}))),
    "unknown property": Bad(400, "/colour", _json(statement(colour="red"))),
    "one bad of three": Bad(400, '"statement":1', _json([statement(), statement(actor={}), statement()])),
    "same id twice": Bad(400, "is also the id of statement 0", _json([statement(id=_ID), statement(id=_ID)])),
    "version missing": Bad(400, "X-Experience-API-Version is required", version=None),
    "version unknown": Bad(400, "send 1.0, 1.0.x, 2.0 or 2.0.x", version="0.95"),
    "version nonsense": Bad(400, "not supported", version="latest", sender="lenient"),
    "context agents in 1.0.3": Bad(400, "2.0", _json(statement(context={"contextAgents": []}))),
    "put without id": Bad(400, "statementId", method="PUT"),
    "put with another id": Bad(400, "differ", method="PUT", params={"statementId": _ID}),
    "put with no uuid": Bad(400, "UUID", method="PUT", params={"statementId": "5"}),
    "put of an array": Bad(400, "not an array", b"[]", method="PUT", params={"statementId": _ID}),
    "unknown parameter": Bad(400, "foo", params={"foo": "bar"}),
    "alternate syntax": Bad(400, "method", params={"method": "PUT"}),
    "no credentials": Bad(401, "Basic", secret=""),
    "wrong secret": Bad(401, "not right", secret="guess"),
    "wrong key": Bad(401, "not right", sender="nobody"),
    "no scope": Bad(403, "statements/write", sender="voider"),
    "no scope to void": Bad(403, "statements/void", _json([statement(), void_of(_ID)]), sender="writer"),
    "text": Bad(400, "Supported: application/json", headers={"Content-Type": "text/plain"}),
    "form": Bad(400, "Supported", headers={"Content-Type": "application/x-www-form-urlencoded"}),
    "form data": Bad(400, "Supported", headers={"Content-Type": "multipart/form-data; boundary=b"}),
    "no boundary": Bad(400, "boundary", headers={"Content-Type": "multipart/mixed"}),
    "no parts": Bad(400, "multipart body", headers={"Content-Type": "multipart/mixed; boundary=b"}),
    "attachment without data": Bad(
        400, "/attachments/0/sha2", _json(statement(attachments=[described(b"x")]))
    ),
    "no type": Bad(400, "No content type", headers={}),
    "compressed": Bad(415, "as it is", headers={**JSON, "Content-Encoding": "gzip"}),
    "too many": Bad(413, "500 statements", _json([statement() for _ in range(501)])),
    "too large": Bad(413, str(BODY_LIMIT), b'"' + b"x" * 20_000_000 + b'"'),
    "too large a statement": Bad(413, "1000000", _json(statement(result={"response": "x" * 1_010_000}))),
}


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD.keys())
def test_bad_requests(adapter: Adapter, bad: Bad) -> None:
    with adapter.sender(bad.sender, bad.version) as sender:
        auth = (bad.sender, bad.secret) if bad.secret else httpx.USE_CLIENT_DEFAULT
        if not bad.secret:
            sender.auth = httpx.Auth()
        response = sender.request(
            bad.method, "/statements", content=bad.content, headers=bad.headers, params=bad.params, auth=auth
        )
        assert response.status_code == bad.status, response.text
        assert bad.says in response.text
        assert response.headers["content-type"] == "application/problem+json"
        assert response.json()["status"] == bad.status
        assert adapter.recorded(sender) == []


def test_a_fault_is_described_to_the_letter(adapter: Adapter) -> None:
    wrong = statement(result={"score": {"scaled": 1.5}, "duration": "P4W1D"})
    with adapter.sender() as sender:
        response = sender.post("/statements", json=[statement(), wrong])
    assert response.json()["faults"] == [
        {
            "statement": 1,
            "pointer": "/result/score/scaled",
            "message": "must not be greater than 1",
            "value": "1.5",
            "section": "IEEE 9274.1.1 4.2.2.4; xAPI 1.0.3 Data 2.4.5.1",
        },
        {
            "statement": 1,
            "pointer": "/result/duration",
            "message": "must be an ISO 8601 duration such as PT1H30M",
            "value": '"P4W1D"',
            "section": "IEEE 9274.1.1 4.2.7; xAPI 1.0.3 Data 4.6",
        },
    ]


def test_a_streamed_body_is_cut_off_at_the_limit(adapter: Adapter) -> None:
    def endless() -> Iterator[bytes]:
        for _ in range(20):
            yield b" " * 1_000_000

    with adapter.sender() as sender:
        response = sender.post("/statements", content=endless(), headers=JSON)
    assert response.status_code == 413


def test_a_sender_that_hangs_up_in_the_middle_leaves_nothing(adapter: Adapter) -> None:
    with adapter.sender() as sender:
        target = urlsplit(adapter.url)
        head = (
            f"POST {PREFIX}/statements HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n"
            f"Authorization: {_basic(sender)}\r\nX-Experience-API-Version: 1.0.3\r\n"
            f"X-Correlation-ID: {sender.headers['x-correlation-id']}\r\n"
            "Content-Type: application/json\r\n\r\n"
        )
        with socket.create_connection((target.hostname or "", target.port or 0)) as connection:
            connection.sendall(head.encode() + b'[{"actor":')
        assert adapter.recorded(sender) == []


def _basic(sender: httpx.Client) -> str:
    assert isinstance(sender.auth, httpx.BasicAuth)
    request = httpx.Request("GET", "http://x")
    return next(sender.auth.auth_flow(request)).headers["Authorization"]


def test_the_process_lives(adapter: Adapter) -> None:
    with adapter.sender() as sender:
        assert sender.post("/statements", json=statement()).status_code == 200
    assert 'status="500"' not in httpx.get(f"{adapter.url}/metrics").text
