"""What every response gets, errors included: version and correlation headers, a log line, metrics."""

from collections.abc import Sequence
from time import perf_counter
from traceback import format_tb

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lrs_adapter.http.hr_routes import HR_PREFIX
from lrs_adapter.http.intake import Intake, Reception, RefusedError
from lrs_adapter.http.responses import problem_response
from lrs_adapter.statements.versions import HEADER, answer_version
from lrs_adapter.wire.facts import CORRELATION_HEADER, Facts, correlation_id, given_traceparent, traceparent
from lrs_adapter.wire.problems import Problem
from schemas import log_events
from schemas.metrics import AdapterMetrics
from schemas.mounts import Mount
from schemas.spans import OpenSpan, no_span

log = structlog.get_logger()

_METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"))
_UNEXPECTED = Problem(500, "unexpected", "Something went wrong here.", "The fault is ours and is logged.")


class Envelope:
    """ASGI middleware around the whole application."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        mounts: Sequence[Mount],
        metrics: AdapterMetrics,
        intake: Intake,
        open_span: OpenSpan = no_span,
    ) -> None:
        self._app = app
        self._intake = intake
        self._first = mounts[0]
        self._inmost_first = sorted(mounts, key=lambda mount: len(mount.prefix), reverse=True)
        self._metrics = metrics
        self._open_span = open_span

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection event; anything but HTTP passes through."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        mount = self._mount(scope["path"])
        exchange = _Exchange(self._app, self._metrics, mount or self._first, scope, send)
        reception = Reception(self._intake, receive)
        open_span = no_span if mount is None else self._open_span
        try:
            await exchange.run(reception, open_span)
        finally:
            reception.close()
        if mount is not None or scope["path"].startswith(f"{HR_PREFIX}/"):
            exchange.tell()

    def _mount(self, path: str) -> Mount | None:
        return next((mount for mount in self._inmost_first if path.startswith(f"{mount.prefix}/")), None)


class _Exchange:
    """One request and its response."""

    def __init__(self, app: ASGIApp, metrics: AdapterMetrics, mount: Mount, scope: Scope, send: Send) -> None:
        headers = Headers(scope=scope)
        self._app = app
        self._metrics = metrics
        self._scope = scope
        self._send = send
        self._mount = mount
        self._facts = Facts(correlation_id(headers), headers.get(HEADER), traceparent=traceparent(headers))
        self._given = given_traceparent(headers)
        self._method = scope["method"] if scope["method"] in _METHODS else "other"
        self._status = 0
        self._started = perf_counter()

    async def run(self, receive: Receive, open_span: OpenSpan) -> None:
        """Serve it, within a span; what it causes names that span, or else the sender's."""
        self._scope.setdefault("state", {})["facts"] = self._facts
        with open_span(f"{self._method} {self._mount.prefix}", "server", self._given) as own:
            self._facts.traceparent = own or self._facts.traceparent
            await self._serve(receive)

    async def _serve(self, receive: Receive) -> None:
        try:
            await self._app(self._scope, receive, self._send_on)
        except RefusedError as refused:
            if self._status:
                raise
            await self._answer(receive, refused.problem)
        except Exception as error:
            if self._status:
                raise
            await self._answer_fault(receive, error)

    def tell(self) -> None:
        """Count and log it."""
        seconds = perf_counter() - self._started
        self._metrics.requests.labels(self._method, str(self._status)).inc()
        self._metrics.request_seconds.observe(seconds)
        if self._facts.reason:
            self._metrics.refused.labels(self._facts.credential, self._facts.reason).inc()
        if self._status == 503:
            self._metrics.unavailable.labels(self._facts.reason).inc()
        log.info(
            log_events.ADAPTER_REQUEST,
            correlation_id=self._facts.correlation_id,
            method=self._scope["method"],
            status=self._status,
            credential=self._facts.credential,
            statements=self._facts.statements,
            dead_letters=self._facts.dead_letters,
            reason=self._facts.reason,
            ms=round(seconds * 1000, 1),
            traceparent=self._facts.traceparent,
        )

    async def _answer_fault(self, receive: Receive, error: Exception) -> None:
        """500, with the places but neither the values nor the message in the log: both can be personal."""
        log.error(
            log_events.ADAPTER_REQUEST,
            correlation_id=self._facts.correlation_id,
            error=type(error).__name__,
            trace="".join(format_tb(error.__traceback__)),
        )
        await self._answer(receive, _UNEXPECTED)

    async def _answer(self, receive: Receive, problem: Problem) -> None:
        self._facts.reason = problem.code
        response = problem_response(problem, self._facts.correlation_id)
        await response(self._scope, receive, self._send_on)

    async def _send_on(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._status = message["status"]
            headers = MutableHeaders(scope=message)
            headers[HEADER] = answer_version(self._facts.version, self._mount)
            headers[CORRELATION_HEADER] = self._facts.correlation_id
        await self._send(message)
