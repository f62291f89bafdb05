"""The requests of the systems that forward statements, as they put them on the wire."""

import json
import socket
from base64 import b64encode
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.contract.adapter_kit import PREFIX, SECRET, Adapter, decoded, statement
from tests.unit.adapter.attachments_kit import BOUNDARY, mixed

OTHER_CONTENT_TYPE = "application/json; charset=utf-8"


@dataclass(frozen=True)
class Shape:
    """A sender's request: what stands in its first line and headers, and its body in the pieces it sends.

    `{id}` in the address is the first statement's id; `chunked` bodies have no length.
    """

    sender: str
    status: int = 200
    method: str = "POST"
    address: str = f"{PREFIX}/statements"
    count: int = 1
    array: bool = True
    headers: dict[str, str] = field(default_factory=dict)
    multipart: bool = False
    chunked: bool = False
    bearer: bool = False
    changes: dict[str, Any] = field(default_factory=dict)


JSON = {"Content-Type": "application/json"}
SHAPES = {
    "Ralph, forwarding an array": Shape("lenient", count=20, headers=JSON),
    "Ralph, forwarding a put without parameter": Shape("lenient", 204, "PUT", array=False, headers=JSON),
    "Open edX, a batch to a bare question mark": Shape(
        "strict",
        address=f"{PREFIX}/statements?",
        count=100,
        headers=JSON | {"X-Experience-API-Version": "1.0.1"},
        changes={"object": {"id": "block-v1:edX+DemoX+2026+type@problem+block@1"}, "version": "1.0.3"},
    ),
    "Open edX, a single one by put": Shape(
        "strict",
        204,
        "PUT",
        f"{PREFIX}/statements?statementId={{id}}",
        array=False,
        headers=JSON | {"X-Experience-API-Version": "1.0.1"},
    ),
    "LRSPipe, 1.0.3": Shape(
        "strict", count=50, multipart=True, chunked=True, headers={"X-Experience-API-Version": "1.0.3"}
    ),
    "LRSPipe, 2.0.0 with a token": Shape(
        "strict",
        count=50,
        multipart=True,
        chunked=True,
        bearer=True,
        headers={"X-Experience-API-Version": "2.0.0"},
    ),
    "Learning Locker, the statement's version": Shape(
        "strict",
        array=False,
        headers=JSON | {"X-Experience-API-Version": "1.0.0"},
        changes={
            "version": "1.0.0",
            "stored": "2026-11-02T10:00:00.000Z",
            "timestamp": "2026-11-02T10:00:00.000Z",
            "authority": {
                "objectType": "Agent",
                "name": "New Client",
                "mbox": "mailto:hello@learninglocker.net",
            },
        },
    ),
    "Moodle logstore_xapi": Shape(
        "strict", count=30, headers=JSON | {"X-Experience-API-Version": "1.0.3"}, changes={"result": {}}
    ),
    "TRAX": Shape(
        "strict", count=100, headers={"Content-Type": OTHER_CONTENT_TYPE, "X-Experience-API-Version": "1.0.3"}
    ),
    "old content, one object by post": Shape(
        "strict",
        address=f"{PREFIX}/statements/",
        array=False,
        headers={"Content-Type": OTHER_CONTENT_TYPE, "X-Experience-API-Version": "1.0.2"},
    ),
    "old content, one object by put": Shape(
        "strict",
        204,
        "PUT",
        f"{PREFIX}/statements/?statementId={{id}}",
        array=False,
        headers=JSON | {"X-Experience-API-Version": "1.0"},
    ),
}


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES.keys())
def test_a_sender_gets_the_answer_that_it_waits_for(adapter: Adapter, shape: Shape) -> None:
    sent = [statement(**shape.changes) for _ in range(shape.count)]
    with adapter.sender() as watcher:
        status, body = _exchange(adapter, shape, sent, watcher.headers["X-Correlation-ID"])
        found = [decoded(record)["statement_id"] for record in adapter.recorded(watcher)]
    assert status == shape.status, body
    if shape.method == "POST":
        assert json.loads(body) == [one["id"] for one in sent]
    assert sorted(found) == sorted(one["id"] for one in sent)


def test_moodle_halves_a_batch_until_only_the_bad_one_is_left(adapter: Adapter) -> None:
    shape = SHAPES["Moodle logstore_xapi"]
    sent = [statement() for _ in range(16)]
    sent[11]["verb"] = {}
    waiting, loaded, given_up = [sent], [], []
    while waiting:
        batch = waiting.pop()
        status, _ = _exchange(adapter, shape, batch)
        if status == 200:
            loaded += batch
        elif status == 400 and len(batch) > 1:
            half = len(batch) // 2
            waiting += [batch[:half], batch[half:]]
        else:
            given_up += batch
    assert [one["id"] for one in given_up] == [sent[11]["id"]]
    assert len(loaded) == 15


def test_old_content_makes_no_ids(adapter: Adapter) -> None:
    sent = statement()
    del sent["id"]
    status, body = _exchange(adapter, SHAPES["old content, one object by post"], [sent])
    assert (status, len(json.loads(body))) == (200, 1)


def _exchange(
    adapter: Adapter, shape: Shape, sent: list[dict[str, Any]], correlation_id: str = ""
) -> tuple[int, bytes]:
    """Write the request to a socket as the sender would, and read status and body of the answer."""
    target = urlsplit(adapter.url)
    with socket.create_connection((target.hostname or "", target.port or 0), timeout=20) as connection:
        connection.sendall(_request(shape, sent, correlation_id))
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    head, _, body = answer.partition(b"\r\n\r\n")
    return int(head.split()[1]), body


def _request(shape: Shape, sent: list[dict[str, Any]], correlation_id: str) -> bytes:
    value = sent if shape.array else sent[0]
    body = mixed(value) if shape.multipart else json.dumps(value).encode()
    address = shape.address.format(id=sent[0].get("id"))
    headers = {"Host": "lrs.example.com", "Connection": "close", "Authorization": _authorization(shape)}
    headers |= shape.headers | {"X-Correlation-ID": correlation_id}
    if shape.multipart:
        headers["Content-Type"] = f"multipart/mixed; boundary={BOUNDARY}"
    headers |= {"Transfer-Encoding": "chunked"} if shape.chunked else {"Content-Length": str(len(body))}
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    head = f"{shape.method} {address} HTTP/1.1\r\n{lines}\r\n".encode()
    return head + (_in_chunks(body) if shape.chunked else body)


def _in_chunks(body: bytes) -> bytes:
    pieces = [body[start : start + 1000] for start in range(0, len(body), 1000)]
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


def _authorization(shape: Shape) -> str:
    if shape.bearer:
        return f"Bearer strict.{SECRET}"
    return f"Basic {b64encode(f'{shape.sender}:{SECRET}'.encode()).decode()}"
