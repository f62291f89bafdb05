"""The HTTP side of one subscription: one signed POST, and what was answered."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

import aiohttp
from prometheus_client import Histogram

from schemas.retry_after import retry_after_s
from schemas.webhook_signature import signed_headers
from sinks.webhooks.delivery import Delivery
from sinks.webhooks.events import CONTENT_TYPE
from sinks.webhooks.retries import Answer

_USER_AGENT = "readystream-webhooks"


class Receiver:
    """Sends events to `url`, at most `in_flight` at once, and observes how long each try took.

    `clock` gives seconds since the epoch.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        url: str,
        secrets: Sequence[bytes],
        in_flight: int,
        seconds: Histogram,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._session = session
        self._url = url
        self._secrets = secrets
        self._turn = asyncio.Semaphore(in_flight)
        self._seconds = seconds
        self._clock = clock

    async def post(self, one: Delivery) -> Answer:
        """Try once. The body of the answer is not read."""
        async with self._turn:
            with self._seconds.time():
                try:
                    return await self._post(one, self._clock())
                except TimeoutError:
                    return Answer(None, "no answer in time")
                except (aiohttp.ClientError, OSError) as error:
                    return Answer(None, f"no answer: {type(error).__name__}")

    async def _post(self, one: Delivery, now_s: float) -> Answer:
        headers = signed_headers(self._secrets, one.id, int(now_s), one.body)
        async with self._session.post(
            self._url, data=one.body, headers=headers, allow_redirects=False
        ) as response:
            wish = retry_after_s(response.headers.get("Retry-After"), now_s)
            return Answer(response.status, retry_after_s=wish or 0.0)


@asynccontextmanager
async def sessions(timeout_s: float) -> AsyncIterator[aiohttp.ClientSession]:
    """What receivers are called with: no cookies, no proxies of the environment, nothing unpacked."""
    headers = {"Content-Type": CONTENT_TYPE, "User-Agent": _USER_AGENT}
    async with aiohttp.ClientSession(
        headers=headers,
        timeout=aiohttp.ClientTimeout(total=timeout_s),
        connector=aiohttp.TCPConnector(limit=0),
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=False,
    ) as session:
        yield session
