"""A small LRS that answers statement queries, and can be slow to become consistent, busy or broken."""

import json
import uuid
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from lrs_adapter.pull.lrs_client import iso
from lrs_adapter.pull.sources import Source
from schemas.xapi import parse_timestamp

KEY, SECRET = "reader", "a secret: with a colon"
SECOND = 1_000_000
BEGIN = parse_timestamp("2026-03-01T00:00:00Z")


@dataclass
class Lrs:
    """`statements` in the order in which they were stored; `faults` are given instead of the next answers.

    `through` is what it calls itself consistent through; None: it says nothing. `data` is of attachments, by
    the sum that its parts name.
    """

    page_size: int = 3
    statements: list[dict[str, Any]] = field(default_factory=list)
    through: int | None = None
    data: dict[str, bytes] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    asked: list[dict[str, str]] = field(default_factory=list)
    url: str = ""

    def store(self, second: float, **changes: Any) -> dict[str, Any]:
        """Store a statement so many seconds after the beginning."""
        stored = iso(BEGIN + round(second * SECOND))
        made: dict[str, Any] = {
            "id": str(uuid.uuid4()),
            "actor": {"mbox": f"mailto:{uuid.uuid4().hex}@example.com"},
            "verb": {"id": "http://adlnet.gov/expapi/verbs/completed"},
            "object": {"id": "https://learn.example.com/course/1"},
            "timestamp": stored,
            "stored": stored,
            **changes,
        }
        self.statements.append(made)
        self.statements.sort(key=lambda one: str(one["stored"]))
        return made

    def source(self, **changes: Any) -> Source:
        """How a puller is told of it."""
        return Source(
            **{
                "name": "academy",
                "endpoint": f"{self.url}/xapi",
                "key": KEY,
                "secret_env": "SECRET",
                "poll_s": 0.05,
                **changes,
            }
        )

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Answer a statement query."""
        self.asked.append(dict(request.query))
        if request.headers.get("authorization") != _basic():
            return web.Response(status=401)
        if not request.headers.get("x-experience-api-version"):
            return web.Response(status=400)
        if self.faults:
            return await self._fault(request, self.faults.pop(0))
        return self._page(request)

    async def take(self, request: web.Request) -> web.StreamResponse:
        """Store statements that somebody sends."""
        if request.headers.get("authorization") != _basic():
            return web.Response(status=401)
        sent: list[dict[str, Any]] = await request.json()
        self.statements += sent
        return web.json_response([one["id"] for one in sent])

    def _page(self, request: web.Request) -> web.Response:
        since = parse_timestamp(request.query["since"]) if "since" in request.query else 0
        first = int(request.query.get("from", "0"))
        found = [one for one in self.statements if parse_timestamp(one["stored"]) > since]
        last = first + self.page_size
        since_text = request.query.get("since", iso(0))
        with_data = "&attachments=true" if request.query.get("attachments") == "true" else ""
        more = (
            f"/xapi/statements?ascending=true&since={since_text}&from={last}{with_data}"
            if last < len(found)
            else ""
        )
        headers = {} if self.through is None else {"X-Experience-API-Consistent-Through": iso(self.through)}
        page = {"statements": found[first:last], "more": more}
        if request.query.get("attachments") != "true":
            return web.json_response(page, headers=headers)
        named = {"Content-Type": "multipart/mixed; boundary=part"}
        return web.Response(body=self._parts(json.dumps(page).encode()), headers={**headers, **named})

    def _parts(self, page: bytes) -> bytes:
        body = b"--part\r\nContent-Type: application/json\r\n\r\n" + page
        for sha2, data in self.data.items():
            named = f"Content-Transfer-Encoding: binary\r\nX-Experience-API-Hash: {sha2}\r\n\r\n"
            body += b"\r\n--part\r\n" + named.encode() + data
        return body + b"\r\n--part--\r\n"

    async def _fault(self, request: web.Request, fault: str) -> web.StreamResponse:
        match fault:
            case "drop":
                response = web.StreamResponse(headers={"Content-Length": "1000"})
                await response.prepare(request)
                await response.write(b'{"statements":[')
                assert request.transport is not None
                request.transport.abort()
                return response
            case "elsewhere":
                return web.json_response({"statements": [], "more": "https://other.example/xapi/statements"})
            case "malformed":
                return web.Response(text="<html>", content_type="application/json")
            case "itself":
                return web.json_response({"statements": [], "more": request.path_qs})
            case _:
                status, _, wait = fault.partition(" ")
                return web.Response(status=int(status), headers={"Retry-After": wait} if wait else {})


def _basic() -> str:
    return f"Basic {b64encode(f'{KEY}:{SECRET}'.encode()).decode()}"


@asynccontextmanager
async def serving(lrs: Lrs) -> AsyncIterator[Lrs]:
    """Serve on a port of the system's choice."""
    app = web.Application()
    app.add_routes([web.get("/xapi/statements", lrs.answer), web.post("/xapi/statements", lrs.take)])
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    lrs.url = f"http://{host}:{port}"
    try:
        yield lrs
    finally:
        await runner.cleanup()
