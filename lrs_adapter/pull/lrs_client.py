"""Asking an LRS for its statements: IEEE 9274.1.1 4.1.6.1, xAPI 1.0.3 Communication 2.1.3.

An answer is a `Page`, or a `Trouble` with the time after which to ask again where the LRS names one.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import urljoin, urlsplit

import httpx
import msgspec

from lrs_adapter.pull.sources import Source
from lrs_adapter.statements.content import Content, read_content
from lrs_adapter.wire.multipart import boundary_of
from lrs_adapter.wire.problems import Problem, bad_request
from schemas.retry_after import retry_after_s
from schemas.xapi import parse_timestamp

_LONGEST_WAIT_S = 3600.0
MOST_PARTS = 20_000
"""Parts that a page may have; its bytes are bounded besides."""


class _StatementResult(msgspec.Struct):
    statements: list[msgspec.Raw]
    more: str = ""


_DECODER = msgspec.json.Decoder(_StatementResult)


@dataclass(frozen=True, slots=True)
class Page:
    """Statements as the LRS wrote them; `more` is the address of the next page, None at the end.

    All statements that the LRS stored up to `consistent_through` (microseconds) can be seen; None: unsaid.
    `sent` is the data of attachments that came along, by its SHA-2 sum.
    """

    statements: tuple[bytes, ...]
    more: str | None
    consistent_through: int | None
    sent: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Trouble:
    """No page. `reason` is for metrics, `detail` for people; `retry_after_s` is what the LRS asks for."""

    reason: str
    detail: str
    retry_after_s: float | None = None


class LrsClient:
    """Talks to one LRS. Use it as an asynchronous context manager."""

    def __init__(self, source: Source, secret: str, *, timeout_s: float, page_bytes: int) -> None:
        self._endpoint = source.endpoint
        self._page_bytes = page_bytes
        self._parameters = {"ascending": "true", **({"attachments": "true"} if source.attachments else {})}
        accepted = "multipart/mixed, application/json" if source.attachments else "application/json"
        self._http = httpx.AsyncClient(
            auth=(source.key, secret),
            headers={"X-Experience-API-Version": source.version, "Accept": accepted},
            timeout=timeout_s,
        )

    async def __aenter__(self) -> "LrsClient":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.aclose()

    async def since(self, moment_us: int) -> Page | Trouble:
        """The first page of what was stored after a moment, oldest first."""
        since = {"since": iso(moment_us)} if moment_us else {}
        return await self._get(
            str(httpx.URL(f"{self._endpoint}/statements", params=self._parameters | since))
        )

    async def more(self, address: str) -> Page | Trouble:
        """The page that `Page.more` names."""
        return await self._get(address)

    async def store(self, statements: Sequence[bytes]) -> Trouble | None:
        """Store statements, each under its own id; None when the LRS has them all."""
        body = b"[" + b",".join(statements) + b"]"
        headers = {"Content-Type": "application/json"}
        try:
            answer = await self._http.post(f"{self._endpoint}/statements", content=body, headers=headers)
        except httpx.HTTPError as error:
            return Trouble("connection", type(error).__name__)
        if answer.status_code in (httpx.codes.OK, httpx.codes.NO_CONTENT):
            return None
        return _refused(answer.status_code, answer.headers)

    async def _get(self, address: str) -> Page | Trouble:
        try:
            async with self._http.stream("GET", address) as response:
                if response.status_code != httpx.codes.OK:
                    return _refused(response.status_code, response.headers)
                body = await self._body(response)
                return body if isinstance(body, Trouble) else self._page(body, response.headers)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            return Trouble("connection", type(error).__name__)

    async def _body(self, response: httpx.Response) -> bytes | Trouble:
        body = bytearray()
        async for chunk in response.aiter_bytes():
            body += chunk
            if len(body) > self._page_bytes:
                return Trouble("too-large", f"the page has more than {self._page_bytes} bytes")
        return bytes(body)

    def _page(self, body: bytes, headers: Mapping[str, str]) -> Page | Trouble:
        content = _content(body, headers.get("content-type", ""))
        if isinstance(content, Problem):
            return Trouble("malformed", content.detail)
        try:
            result = _DECODER.decode(content.text)
            through = headers.get("x-experience-api-consistent-through")
            consistent = parse_timestamp(through) if through else None
        except (msgspec.DecodeError, ValueError, OverflowError, RecursionError) as error:
            return Trouble("malformed", f"not a StatementResult: {type(error).__name__}")
        following = urljoin(f"{self._endpoint}/statements", result.more) if result.more else None
        if following and _origin(following) != _origin(self._endpoint):
            return Trouble("malformed", "the next page is on another host: it would get our secret")
        return Page(tuple(bytes(raw) for raw in result.statements), following, consistent, content.sent)


def _content(body: bytes, content_type: str) -> Content | Problem:
    """The statements and the data of attachments, whether the LRS answers in one part or in several."""
    if not content_type.lower().startswith("multipart/mixed"):
        return Content(body)
    boundary = boundary_of(content_type)
    if boundary is None:
        return bad_request("malformed-multipart", "the answer names no boundary of its parts")
    return read_content(body, boundary, MOST_PARTS)


def iso(moment_us: int) -> str:
    """The moment as xAPI writes it, to the microsecond."""
    moment = datetime.fromtimestamp(moment_us // 1_000_000, UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment_us % 1_000_000:06d}Z"


def _refused(status: int, headers: Mapping[str, str]) -> Trouble:
    asked_s = retry_after_s(headers.get("retry-after"), time.time())
    wait_s = None if asked_s is None else min(asked_s, _LONGEST_WAIT_S)
    return Trouble(str(status), f"the LRS answered {status}", wait_s)


def _origin(address: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(address)
    return parts.scheme, parts.hostname, parts.port
