"""Bodies on their way in: how much of them may be in memory at once, and how long one may take.

Some bodies are read before it is known who sends them: forms of the alternate syntax and signed events. So
the bound is one for all requests together, and holds until each has been answered.
"""

import asyncio

from prometheus_client import Gauge
from starlette.types import Message, Receive

from lrs_adapter.wire.in_flight import InFlight
from lrs_adapter.wire.problems import Problem, unavailable

_CLOSE = {"connection": "close"}
_FULL = unavailable("intake-full", "Too many requests are being received. Nothing was kept.", 2.0)


class RefusedError(Exception):
    """The rest of the body is not taken; `problem` is the answer."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem


class Intake:
    """`limit` bytes of bodies at once, `timeout_s` seconds for each body."""

    def __init__(self, limit: int, timeout_s: float, gauge: Gauge) -> None:
        self.room = InFlight(limit, gauge)
        self.timeout_s = timeout_s


class Reception:
    """Receives one request in the place of `receive`. Close it when the request is answered."""

    def __init__(self, intake: Intake, receive: Receive) -> None:
        self._intake = intake
        self._receive = receive
        self._deadline: float | None = None
        self._taken = 0
        self._complete = False

    async def __call__(self) -> Message:
        """The next message. Raises `RefusedError` for one that comes too late or finds no room."""
        if self._complete:
            return await self._receive()
        message = await self._in_time()
        self._complete = not message.get("more_body", False)
        size = len(message.get("body", b""))
        if size and not self._intake.room.admit(size):
            raise RefusedError(_FULL)
        self._taken += size
        return message

    def close(self) -> None:
        """Give the room back."""
        self._intake.room.release(self._taken)
        self._taken = 0

    async def _in_time(self) -> Message:
        now = asyncio.get_running_loop().time()
        self._deadline = self._deadline or now + self._intake.timeout_s
        try:
            async with asyncio.timeout_at(self._deadline):
                return await self._receive()
        except TimeoutError:
            raise RefusedError(_too_slow(self._intake.timeout_s)) from None


def _too_slow(timeout_s: float) -> Problem:
    detail = f"The body did not come within {timeout_s:g} s. Nothing was kept."
    return Problem(408, "too-slow", "The body came too slowly.", detail, headers=_CLOSE)
