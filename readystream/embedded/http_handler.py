"""One request of ClickHouse's HTTP interface: read, run by the engine, answered."""

import json
import uuid
from collections.abc import Generator, Iterator, Mapping
from contextlib import closing
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from readystream.embedded.encodings import UndecodableError, decode
from readystream.embedded.engine import EngineError, Result
from readystream.embedded.http_body import BodyError, read_body
from readystream.embedded.http_request import Insert, Query, parse
from readystream.embedded.ports import LOOPBACK
from readystream.embedded.statement import Statement

if TYPE_CHECKING:
    from readystream.embedded.http_server import Server

_COMMON_HEADERS = {
    "Content-Type": "application/octet-stream",
    "X-ClickHouse-Timezone": "UTC",
    "X-ClickHouse-Server-Display-Name": "readystream-embedded",
}
_LOCAL_NAMES = frozenset({LOOPBACK, "localhost"})
_STATUS_OF_CODE = {
    **dict.fromkeys((46, 47, 50, 60, 81, 115), HTTPStatus.NOT_FOUND),  # unknown function, table, setting …
    **dict.fromkeys((6, 26, 27, 33, 36, 38, 41, 43, 53, 62, 72, 117, 456, 457), HTTPStatus.BAD_REQUEST),
}


class Handler(BaseHTTPRequestHandler):
    """Answers the requests of one connection."""

    server: "Server"
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = 1 << 16

    def do_GET(self) -> None:
        """A query in the address; or the question whether we are here."""
        self._serve()

    def do_POST(self) -> None:
        """A query, a command or an insert."""
        self._serve()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - so the base class names it
        """Keep quiet: errors are told to the client, whose they are."""

    def _serve(self) -> None:
        with self.server.request_in_hand():
            try:
                body = read_body(self.headers, self.rfile)
                self._answer(decode(self.headers.get("Content-Encoding", ""), body))
            except BodyError as error:
                self.close_connection = True  # where a next request begins is unknown
                self._reply(HTTPStatus.BAD_REQUEST, str(error).encode())
            except (UndecodableError, UnicodeDecodeError) as error:
                self._reply(HTTPStatus.BAD_REQUEST, str(error).encode())
            except EngineError as error:
                status = _STATUS_OF_CODE.get(error.code, HTTPStatus.INTERNAL_SERVER_ERROR)
                self._reply(status, str(error).encode(), {"X-ClickHouse-Exception-Code": str(error.code)})
            except ConnectionError:
                self.close_connection = True  # the client left; there is nobody to answer

    def _answer(self, body: bytes) -> None:
        if not self._from_here():
            self._reply(HTTPStatus.FORBIDDEN, b"Web pages and requests for other hosts are refused.\n")
        elif self.server.stopping:
            self.close_connection = True
            self._reply(HTTPStatus.SERVICE_UNAVAILABLE, b"Stopping.\n")
        elif self.path == "/ping" or (self.path == "/" and not body):
            self._reply(HTTPStatus.OK, b"Ok.\n")
        else:
            self._run(parse(urlsplit(self.path).query, self.headers.get("Content-Type", ""), body))

    def _from_here(self) -> bool:
        """False for a page in a browser: no password keeps it out, so we do."""
        return self.headers.get("Host", "").partition(":")[0] in _LOCAL_NAMES and "Origin" not in self.headers

    def _run(self, request: Query | Insert) -> None:
        if isinstance(request, Insert):
            self._insert(request)
        elif request.streamed:
            self._stream(request.statement)
        else:
            result = self.server.engine.query(request.statement)
            self._reply(HTTPStatus.OK, *_as_reply(request, result))

    def _insert(self, request: Insert) -> None:
        written = self.server.engine.insert(request.statement, request.data)
        summary = _summary(written_rows=written.rows, written_bytes=written.bytes)
        self._reply(HTTPStatus.OK, b"", summary)

    def _stream(self, statement: Statement) -> None:
        """Send blocks as they come. Once the status is sent, an error can only follow in the body."""
        tag = uuid.uuid4().hex[:16]
        blocks = self.server.engine.stream(statement)
        first = next(blocks, b"")
        self._begin(
            HTTPStatus.OK, {"X-ClickHouse-Format": statement.format, "X-ClickHouse-Exception-Tag": tag}
        )
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        with closing(blocks):
            for chunk in _until_error(first, blocks, tag):
                self.wfile.write(b"%x\r\n%b\r\n" % (len(chunk), chunk))
        self.wfile.write(b"0\r\n\r\n")

    def _reply(self, status: HTTPStatus, body: bytes, headers: Mapping[str, str] | None = None) -> None:
        self._begin(status, headers or {})
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _begin(self, status: HTTPStatus, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in {**_COMMON_HEADERS, **headers}.items():
            self.send_header(name, value)


def _as_reply(request: Query, result: Result) -> tuple[bytes, dict[str, str]]:
    """Body and headers. Statements without a result, such as CREATE, say so by naming no format."""
    headers = _summary(read_rows=result.read_rows, written_rows=result.written_rows)
    if request.format_named:
        return result.body, headers | {"X-ClickHouse-Format": request.statement.format}
    names, _, rows = result.body.partition(b"\n")
    return rows, headers | ({"X-ClickHouse-Format": "TabSeparated"} if names else {})


def _summary(**counts: int) -> dict[str, str]:
    """Figures as text, which is how ClickHouse writes them."""
    return {"X-ClickHouse-Summary": json.dumps({name: str(count) for name, count in counts.items()})}


def _until_error(first: bytes, blocks: Generator[bytes], tag: str) -> Iterator[bytes]:
    """The blocks; if the engine fails on the way, its message last, marked so that clients find it."""
    try:
        if first:
            yield first
        yield from blocks
    except EngineError as error:
        message = str(error).encode()
        mark = tag.encode()
        yield b"\r\n__exception__\r\n%b\r\n%b\r\n%d %b\r\n__exception__\r\n" % (
            mark,
            message,
            len(message),
            mark,
        )
