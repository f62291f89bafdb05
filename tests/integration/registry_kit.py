"""A schema registry server in a few lines: enough of Confluent's API to try our client, and to fail."""

import base64
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote

from avro.compatibility import ReaderWriterCompatibilityChecker, SchemaCompatibilityType
from avro.schema import parse

Answer = tuple[int, Any]


@dataclass
class Registry:
    """What the server holds, and how it fails.

    `troubles` are used up one a request: a status is answered instead of doing anything, `lost` does it and
    hangs up, `silent` waits for `released`. `asked` are the requests, as method and path.
    """

    url: str = ""
    user: str = ""
    password: str = ""
    schemas: dict[int, str] = field(default_factory=dict)
    subjects: dict[str, list[int]] = field(default_factory=dict)
    levels: dict[str, str] = field(default_factory=dict)
    troubles: list[int | str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)

    def answer(self, method: str, path: str, body: Any) -> Answer:
        """Do what is asked."""
        match (method, *[unquote(part) for part in path.strip("/").split("/")]):
            case (_, "config", subject):
                return self._level(subject, body)
            case ("GET", "subjects", subject, "versions"):
                return self._versions(subject)
            case ("GET", "schemas", "ids", number):
                return 200, {"schema": self.schemas[int(number)]}
            case ("POST", "subjects", subject, *rest):
                act = self._register if rest == ["versions"] else self._look_up
                return act(subject, body["schema"])
            case ("POST", "compatibility", "subjects", subject, "versions", version):
                older = self.schemas[self.subjects[subject][int(version) - 1]]
                return 200, {"is_compatible": _reads(body["schema"], older)}
        return 404, {"error_code": 404, "message": "HTTP 404 Not Found"}

    def _level(self, subject: str, body: Any) -> Answer:
        if body is not None:
            self.levels[subject] = body["compatibility"]
            return 200, body
        level = self.levels.get(subject)
        return _no(40408) if level is None else (200, {"compatibilityLevel": level})

    def _versions(self, subject: str) -> Answer:
        found = self.subjects.get(subject)
        return _no(40401) if found is None else (200, list(range(1, len(found) + 1)))

    def _look_up(self, subject: str, schema: str) -> Answer:
        if subject not in self.subjects:
            return _no(40401)
        number = self._number(subject, schema)
        return _no(40403) if number is None else (200, {"subject": subject, "id": number, "schema": schema})

    def _register(self, subject: str, schema: str) -> Answer:
        number = self._number(subject, schema)
        if number is None:
            older = [self.schemas[one] for one in self.subjects.get(subject, [])]
            if self.levels.get(subject) != "NONE" and not all(_reads(schema, one) for one in older):
                return 409, {"error_code": 409, "message": "Schema being registered is incompatible"}
            number = len(self.schemas) + 1
            self.schemas[number] = schema
            self.subjects.setdefault(subject, []).append(number)
        return 200, {"id": number}

    def _number(self, subject: str, schema: str) -> int | None:
        return next((one for one in self.subjects.get(subject, []) if self.schemas[one] == schema), None)


def _no(code: int) -> Answer:
    return 404, {"error_code": code, "message": "not found"}


def _reads(newer: str, older: str) -> bool:
    checker = ReaderWriterCompatibilityChecker()  # type: ignore[no-untyped-call]
    told = checker.get_compatibility(parse(newer), parse(older))
    return told.compatibility is SchemaCompatibilityType.compatible


@contextmanager
def serving(registry: Registry) -> Iterator[Registry]:
    """Serve `registry` on a port of its own."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(registry))
    registry.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield registry
    finally:
        registry.released.set()
        server.shutdown()
        thread.join()
        server.server_close()


def _handler(registry: Registry) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # an answer leaves in one piece

        def _serve(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers.get("Content-Length", "0"))) or b"null")
            registry.asked.append(f"{self.command} {self.path}")
            trouble = registry.troubles.pop(0) if registry.troubles else None
            if trouble == "silent":
                registry.released.wait()
            elif trouble == "lost":
                registry.answer(self.command, self.path, body)
            if isinstance(trouble, str):
                self.close_connection = True
            elif trouble is not None:
                self._send(trouble, {"error_code": 50001, "message": "trouble"})
            elif not self._is_known():
                self._send(401, {"error_code": 401, "message": "Unauthorized"})
            else:
                self._send(*registry.answer(self.command, self.path, body))

        do_GET = do_POST = do_PUT = _serve  # noqa: N815 - the names that the server calls

        def _is_known(self) -> bool:
            wanted = base64.b64encode(f"{registry.user}:{registry.password}".encode()).decode()
            return not registry.user or self.headers.get("Authorization") == f"Basic {wanted}"

        def _send(self, status: int, value: Any) -> None:
            data = json.dumps(value).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/vnd.schemaregistry.v1+json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_arguments: object) -> None:
            """Say nothing."""

    return Handler
