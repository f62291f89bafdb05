"""A simulated LRS that forwards: what it does on the wire, how it retries, and what it was promised.

Reads: deliveries, from the generator or from files of statements.
Writes: `POST <endpoint>` with JSON arrays, a version header and Basic authentication.
Key: none; a few connections send at once, so the order of deliveries is roughly kept and not guaranteed.
State: `ForwardResult`, every statement id that was acknowledged among it.
Guarantee: each delivery is sent until it is answered; one that was received but whose answer got lost is
sent again, as real senders do.
On failure: 429, 503, 502, 504 and broken connections are tried again, after `Retry-After` or an
exponential backoff; nothing but such answers for `patience_s` raises `UnavailableError`. Any other answer
is a refusal: counted, its text kept.
"""

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass, field
from typing import Any

import httpx
import orjson

from readystream.dev.generator import Delivery
from readystream.dev.statement_files import deliveries_from_file
from schemas.errors import UnavailableError

__all__ = ["Backoff", "ForwardResult", "Pacer", "deliveries_from_file", "forward"]

_TRY_AGAIN = frozenset({429, 502, 503, 504})
_TIMEOUT_S = 30.0


@dataclass(slots=True)
class ForwardResult:
    """What came of forwarding.

    `forwarded` counts statements that were sent, each delivery once; `accepted_ids` has every acknowledged
    id, as often as it was acknowledged; `rejected` counts statements of refused deliveries, `problems` says
    why, one text for each of these; `retries` counts requests that were sent again.
    """

    forwarded: int = 0
    accepted_ids: list[str] = field(default_factory=list)
    rejected: int = 0
    retries: int = 0
    problems: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Backoff:
    """How long to wait before another try: what the receiver asks for, else twice as long each time."""

    first_s: float = 0.1
    most_s: float = 5.0

    def delay_s(self, attempt: int, retry_after: str | None) -> float:
        """Seconds to wait after try number `attempt`; of the header `retry_after` only seconds count."""
        if retry_after is not None and retry_after.isdecimal():
            return float(retry_after)
        return min(self.most_s, self.first_s * 2.0 ** min(attempt - 1, 32))


class Pacer:
    """Keeps to `rate` statements a second; None means as fast as possible."""

    def __init__(self, rate: float | None) -> None:
        self._rate = rate
        self._next_s = 0.0

    def wait_s(self, statements: int, now_s: float) -> float:
        """Seconds to wait before sending so many statements; the time after them is then taken."""
        if self._rate is None:
            return 0.0
        due = max(self._next_s, now_s)
        self._next_s = due + statements / self._rate
        return due - now_s


def _nobody_watches(forwarded: int, accepted: int) -> None:
    """Progress is of no interest."""


async def forward(
    to_send: Iterable[Delivery],
    endpoint: str,
    *,
    key: str,
    secret: str,
    rate: float | None = None,
    result: ForwardResult | None = None,
    on_progress: Callable[[int, int], None] = _nobody_watches,
    connections: int = 4,
    backoff: Backoff | None = None,
    patience_s: float = 60.0,
    transport: httpx.AsyncBaseTransport | None = None,
) -> ForwardResult:
    """Forward deliveries to `endpoint`, e.g. `http://127.0.0.1:8010/xapi/statements`.

    `rate` is in statements a second. Goes on counting in `result` where one is given; `on_progress` is told
    (forwarded, accepted) so far after each answer. Raises `UnavailableError` when the receiver does not
    answer for `patience_s` seconds.
    """
    result = result or ForwardResult()
    waiting = iter(to_send)
    pacer = Pacer(rate)
    auth = httpx.BasicAuth(key, secret)
    async with httpx.AsyncClient(
        auth=auth, timeout=_TIMEOUT_S, transport=transport, trust_env=False
    ) as client:
        sender = _Sender(client, endpoint, backoff or Backoff(), patience_s, result)

        async def connection() -> None:
            for delivery in waiting:
                await asyncio.sleep(pacer.wait_s(len(delivery.statements), asyncio.get_running_loop().time()))
                await sender.send(delivery)
                on_progress(result.forwarded, len(result.accepted_ids))

        await _all(connection() for _ in range(connections))
    return result


async def _all(connections: Iterable[Coroutine[Any, Any, None]]) -> None:
    """Run the connections; the first failure stops the others and is raised as it is."""
    try:
        async with asyncio.TaskGroup() as group:
            for connection in connections:
                group.create_task(connection)
    except ExceptionGroup as failures:
        raise failures.exceptions[0] from None


@dataclass(frozen=True, slots=True)
class _Sender:
    """Sends one delivery until it is answered, and notes the answer."""

    client: httpx.AsyncClient
    endpoint: str
    backoff: Backoff
    patience_s: float
    result: ForwardResult

    async def send(self, delivery: Delivery) -> None:
        self.result.forwarded += len(delivery.statements)
        answer = await self._answer(delivery)
        if answer.status_code == httpx.codes.OK:
            self.result.accepted_ids += orjson.loads(answer.content)
        else:
            self.result.rejected += len(delivery.statements)
            self.result.problems.append(f"{answer.status_code}: {answer.text}")

    async def _answer(self, delivery: Delivery) -> httpx.Response:
        body = orjson.dumps(delivery.statements)
        headers = {"Content-Type": "application/json", "X-Experience-API-Version": delivery.version}
        clock = asyncio.get_running_loop().time
        give_up_at = clock() + self.patience_s
        attempt = 1
        while True:
            answer = await self._post(body, headers)
            if isinstance(answer, httpx.Response) and answer.status_code not in _TRY_AGAIN:
                return answer
            delay = self.backoff.delay_s(attempt, _retry_after(answer))
            if clock() + delay > give_up_at:
                raise UnavailableError(f"{self.endpoint} takes nothing: {answer!r}", delay)
            await asyncio.sleep(delay)
            self.result.retries += 1
            attempt += 1

    async def _post(self, body: bytes, headers: dict[str, str]) -> httpx.Response | httpx.TransportError:
        try:
            return await self.client.post(self.endpoint, content=body, headers=headers)
        except httpx.TransportError as error:
            return error


def _retry_after(answer: httpx.Response | httpx.TransportError) -> str | None:
    return answer.headers.get("Retry-After") if isinstance(answer, httpx.Response) else None
