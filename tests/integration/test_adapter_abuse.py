"""Senders that do harm, on a served receiver: slow ones, large ones, and requests with two meanings."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import suppress

import pytest

from lrs_adapter.http import protocol
from readystream.topics import create_topics
from schemas.topics import DEAD_LETTERS, STATEMENTS
from tests.contract.adapter_kit import SECRET, Adapter, is_ready, serving, settings_for, statement, until
from tests.services.kafka import PARTITIONS, Kafka

ROOM = 1 << 20
HEAD = (
    b"POST /xapi/statements HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer lenient." + SECRET.encode() + b"\r\n"
    b"X-Experience-API-Version: 1.0.3\r\nContent-Type: application/json\r\n"
)
EVENT_HEAD = (
    b"POST /xapi/statements?method=PUT HTTP/1.1\r\nHost: x\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\n"
)


@pytest.fixture(scope="module")
def adapter(kafka: Kafka, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Adapter]:
    asyncio.run(create_topics(kafka.bootstrap, [STATEMENTS, DEAD_LETTERS], PARTITIONS, replication=1))
    settings = settings_for(
        kafka, tmp_path_factory.mktemp("abuse"), body_timeout_s=0.5, max_receiving_bytes=ROOM
    )
    with serving(settings, kafka) as served:
        until(lambda: is_ready(served), 20)
        yield served


def _connected(adapter: Adapter) -> socket.socket:
    host, _, port = adapter.url.removeprefix("http://").partition(":")
    return socket.create_connection((host, int(port)), timeout=20)


def _answer(connection: socket.socket) -> bytes:
    """What comes back, until the connection closes or an answer is complete."""
    got = b""
    try:
        while b"\r\n\r\n" not in got and (part := connection.recv(65536)):
            got += part
    except ConnectionResetError:
        return got
    return got


def _everything(connection: socket.socket) -> bytes:
    """All that comes back until the connection is closed."""
    got = b""
    try:
        while part := connection.recv(65536):
            got += part
    except ConnectionResetError:
        return got
    return got


def _status(adapter: Adapter, request: bytes) -> int:
    """Status of the answer; 0 for a connection that was closed without one."""
    with _connected(adapter) as connection:
        connection.sendall(request)
        got = _answer(connection)
    return int(got.split(b" ", 2)[1]) if got.startswith(b"HTTP/1.1 ") else 0


def _accepts(adapter: Adapter) -> bool:
    with adapter.sender("lenient") as sender:
        return sender.post("/statements", json=statement()).status_code == 200


@pytest.mark.parametrize("head", [HEAD, EVENT_HEAD], ids=["authenticated", "nobody"])
def test_a_body_that_never_ends_is_cut_off(adapter: Adapter, head: bytes) -> None:
    with _connected(adapter) as connection:
        connection.sendall(head + b"Content-Length: 1000\r\n\r\n[")
        got = _answer(connection)
    assert got.startswith(b"HTTP/1.1 408 ")
    assert b"connection: close" in got.lower()
    assert _accepts(adapter)


@pytest.mark.parametrize("head", [HEAD, EVENT_HEAD], ids=["authenticated", "nobody"])
def test_many_large_bodies_at_once_find_a_bound(adapter: Adapter, head: bytes) -> None:
    size = ROOM // 2
    waiting = [_connected(adapter) for _ in range(8)]
    try:
        for connection in waiting:
            connection.sendall(head + b"Content-Length: %d\r\n\r\n" % size + b" " * (size - 1))
        answers = [_answer(connection) for connection in waiting]
    finally:
        for connection in waiting:
            connection.close()
    codes = sorted(int(answer.split(b" ", 2)[1]) for answer in answers)
    assert set(codes) == {408, 503}
    assert codes.count(503) >= 6
    until(lambda: _accepts(adapter), 20)


@pytest.mark.parametrize(
    "headers",
    [
        b"Content-Length: 2\r\nContent-Length: 3\r\n",
        b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n",
        b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
        b"Transfer-Encoding: xchunked\r\n",
        b"Transfer-Encoding : chunked\r\n",
        b"Content-Length: -2\r\n",
        b"Content-Length: +2\r\n",
        b"Content-Length: 0x2\r\n",
        b"Content-Length: 99999999999999999999999999\r\n",
        b"X-A: b\x00c\r\nContent-Length: 2\r\n",
        b"X-A: b\rContent-Length: 2\r\n",
        b" folded: 1\r\nContent-Length: 2\r\n",
        b"\x80\xff: 1\r\nContent-Length: 2\r\n",
        b"X-A: b\r\n" * 300_000 + b"Content-Length: 2\r\n",
        b"X-Long: " + b"a" * 2_000_000 + b"\r\nContent-Length: 2\r\n",
    ],
    ids=lambda value: value[:40].decode("latin-1"),
)
def test_a_request_with_two_meanings_smuggles_no_other(adapter: Adapter, headers: bytes) -> None:
    """It is refused, and nothing of what follows on the connection is read as a request of its own."""
    hidden = b"GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n"
    with _connected(adapter) as connection:
        with suppress(ConnectionError):  # refused before all of it was sent
            connection.sendall(HEAD + headers + b"\r\n[]" + hidden)
        got = _everything(connection)
    assert got[:13] in (b"HTTP/1.1 400 ", b"")  # or closed while the rest was still on its way
    assert got.count(b"HTTP/1.1 ") <= 1
    assert _accepts(adapter)


def test_a_head_that_does_not_come_is_not_waited_for(
    adapter: Adapter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(protocol, "HEAD_S", 0.3)
    for sent in (b"", b"POST /xapi/statements HTTP/1.1\r\nX-A: b"):
        with _connected(adapter) as connection:
            connection.sendall(sent)
            assert _everything(connection) == b""
    assert _accepts(adapter)


@pytest.mark.parametrize(
    "line",
    [
        b"POST /xapi/statements HTTP/9.9",
        b"POST http://[::1 HTTP/1.1",
        b"\x16\x03\x01\x02\x00\x01",
        b"POST /xapi/%00%ff%2e%2e/statements HTTP/1.1",
        b"POST /xapi/statements?statementId=%00 HTTP/1.1",
        b"POST /xapi/statements?" + b"a=1&" * 20_000 + b" HTTP/1.1",
        b"BREW /xapi/statements HTTP/1.1",
    ],
    ids=lambda value: value[:40].decode("latin-1"),
)
def test_odd_request_lines_get_no_500(adapter: Adapter, line: bytes) -> None:
    rest = HEAD.partition(b"\r\n")[2]
    status = _status(adapter, line + b"\r\n" + rest + b"Content-Length: 2\r\n\r\n[]")
    assert status == 0 or 200 <= status < 500
    assert _accepts(adapter)


@pytest.mark.parametrize(
    "value",
    [
        b"Bearer " + b"A" * 30_000,
        b"Basic " + b"/" * 30_000,
        b"Bearer ..",
        b"Basic \xff\xfe",
        b"Bearer a.\xff",
    ],
    ids=lambda value: value[:20].decode("latin-1"),
)
def test_odd_credentials_get_401(adapter: Adapter, value: bytes) -> None:
    request = (
        b"POST /xapi/statements HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nAuthorization: "
        + value
        + b"\r\n\r\n[]"
    )
    assert _status(adapter, request) == 401
