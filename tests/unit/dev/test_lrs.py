"""The forwarding LRS against a receiver in the same process: real requests, no socket."""

from collections import Counter
from collections.abc import Callable, Iterable
from itertools import chain, repeat

import httpx
import orjson
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from readystream.dev.generator import Delivery
from readystream.dev.lrs import Backoff, ForwardResult, Pacer, forward
from schemas.errors import UnavailableError

_ENDPOINT = "http://receiver.test/xapi/statements"
_QUICK = Backoff(first_s=0.0, most_s=0.0)
Answer = Callable[[list[str]], Response]


def _taken(ids: list[str]) -> Response:
    return JSONResponse(ids)


def _busy(_: list[str]) -> Response:
    return PlainTextResponse("busy", 503, {"Retry-After": "0"})


def _limited(_: list[str]) -> Response:
    return PlainTextResponse("slow down", 429)


def _refused(ids: list[str]) -> Response:
    return JSONResponse({"title": f"{ids[0]} is bad"}, 400)


class _Receiver:
    """A receiver that gives the answers it is told to, one after the other, and notes what it was sent."""

    def __init__(self, answers: Iterable[Answer]) -> None:
        self.headers: list[dict[str, str]] = []
        self.received: list[list[str]] = []
        self._answers = iter(answers)
        app = Starlette(routes=[Route("/xapi/statements", self._statements, methods=["POST"])])
        self.transport = httpx.ASGITransport(app)

    async def _statements(self, request: Request) -> Response:
        ids = [statement["id"] for statement in orjson.loads(await request.body())]
        self.headers.append(dict(request.headers))
        self.received.append(ids)
        return next(self._answers)(ids)


def _deliveries(count: int, size: int = 2, version: str = "1.0.3") -> list[Delivery]:
    numbers = iter(range(count * size))
    return [Delivery(tuple({"id": f"s{next(numbers)}"} for _ in range(size)), version) for _ in range(count)]


async def _forward(receiver: _Receiver, sent: list[Delivery], **options: object) -> ForwardResult:
    defaults = {"key": "demo", "secret": "open", "backoff": _QUICK, "transport": receiver.transport}
    return await forward(sent, _ENDPOINT, **{**defaults, **options})  # type: ignore[arg-type]


async def test_acknowledged_ids_are_kept_with_their_multiplicity() -> None:
    receiver = _Receiver(repeat(_taken))
    sent = _deliveries(5)
    result = await _forward(receiver, [*sent, sent[0]])
    assert Counter(result.accepted_ids) == Counter([f"s{n}" for n in range(10)] + ["s0", "s1"])
    assert (result.forwarded, result.rejected, result.retries, result.problems) == (12, 0, 0, [])


async def test_request_headers() -> None:
    receiver = _Receiver(repeat(_taken))
    await _forward(receiver, _deliveries(1, version="2.0.0"))
    (headers,) = receiver.headers
    assert headers["x-experience-api-version"] == "2.0.0"
    assert headers["content-type"] == "application/json"
    assert headers["authorization"] == "Basic ZGVtbzpvcGVu"  # demo:open


async def test_busy_receivers_are_asked_again_until_they_take_it() -> None:
    receiver = _Receiver(chain([_busy, _limited, _busy], repeat(_taken)))
    result = await _forward(receiver, _deliveries(1))
    assert receiver.received == [["s0", "s1"]] * 4
    assert (result.accepted_ids, result.retries, result.forwarded) == (["s0", "s1"], 3, 2)


class _LosesTheFirstAnswer(httpx.AsyncBaseTransport):
    """A connection that breaks once, after the request has reached the receiver."""

    def __init__(self, receiver: _Receiver) -> None:
        self._receiver = receiver

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        answer = await self._receiver.transport.handle_async_request(request)
        if len(self._receiver.received) == 1:
            raise httpx.ReadError("connection reset", request=request)
        return answer


async def test_a_lost_answer_makes_a_resend_and_is_promised_once() -> None:
    receiver = _Receiver(repeat(_taken))
    result = await _forward(receiver, _deliveries(1), transport=_LosesTheFirstAnswer(receiver))
    assert receiver.received == [["s0", "s1"]] * 2
    assert (result.accepted_ids, result.retries) == (["s0", "s1"], 1)


async def test_a_refusal_is_counted_and_explained_and_the_rest_goes_on() -> None:
    receiver = _Receiver(chain([_refused], repeat(_taken)))
    result = await _forward(receiver, _deliveries(3), connections=1)
    assert result.rejected == 2
    assert result.problems == ['400: {"title":"s0 is bad"}']
    assert result.accepted_ids == ["s2", "s3", "s4", "s5"]


async def test_patience_ends() -> None:
    receiver = _Receiver(repeat(_busy))
    with pytest.raises(UnavailableError, match="503"):
        await _forward(receiver, _deliveries(3), patience_s=0.0)


async def test_progress_and_a_result_that_goes_on() -> None:
    receiver = _Receiver(repeat(_taken))
    told: list[tuple[int, int]] = []
    result = ForwardResult(forwarded=7)
    again = await _forward(
        receiver,
        _deliveries(2),
        connections=1,
        result=result,
        on_progress=lambda forwarded, accepted: told.append((forwarded, accepted)),
    )
    assert again is result
    assert told == [(9, 2), (11, 4)]


@pytest.mark.parametrize(
    ("attempt", "retry_after", "delay_s"),
    [
        (1, None, 0.1),
        (2, None, 0.2),
        (4, None, 0.8),
        (9, None, 5.0),
        (5_000, None, 5.0),
        (1, "3", 3.0),
        (1, "0", 0.0),
        (2, "Wed, 21 Oct 2026 07:28:00 GMT", 0.2),
    ],
)
def test_backoff(attempt: int, retry_after: str | None, delay_s: float) -> None:
    assert Backoff().delay_s(attempt, retry_after) == pytest.approx(delay_s)


def test_pacer_spaces_batches() -> None:
    pacer = Pacer(rate=100.0)
    assert pacer.wait_s(50, now_s=10.0) == 0.0
    assert pacer.wait_s(50, now_s=10.1) == pytest.approx(0.4)
    assert pacer.wait_s(10, now_s=20.0) == 0.0


def test_pacer_without_a_rate_never_waits() -> None:
    pacer = Pacer(rate=None)
    assert [pacer.wait_s(1_000, now_s=0.0) for _ in range(3)] == [0.0, 0.0, 0.0]
