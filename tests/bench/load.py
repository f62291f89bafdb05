"""HTTP load: prepared requests over some connections, as fast as they are answered or at a given pace."""

import asyncio
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

_LENGTH = b"content-length:"


@dataclass(slots=True)
class Outcome:
    """What a load came to: answers by status, seconds of each answer and of the whole."""

    statuses: dict[int, int] = field(default_factory=dict)
    latencies_s: list[float] = field(default_factory=list)
    seconds: float = 0.0

    def note(self, status: int, seconds: float) -> None:
        """Count an answer."""
        self.statuses[status] = self.statuses.get(status, 0) + 1
        self.latencies_s.append(seconds)

    def percentile_ms(self, share: float) -> float:
        """The latency that this share of the answers did not exceed, milliseconds."""
        ordered = sorted(self.latencies_s)
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))]


class Connection:
    """A kept connection that sends prepared requests."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def exchange(self, request: bytes) -> int:
        """Send a request, read its answer to the end; the status."""
        self._writer.write(request)
        head = await self._reader.readuntil(b"\r\n\r\n")
        length = next((int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(_LENGTH)), 0)
        await self._reader.readexactly(length)
        return int(head[9:12])

    def close(self) -> None:
        """Hang up."""
        self._writer.close()


async def connect(port: int) -> Connection:
    """A connection to a server on loopback."""
    return Connection(*await asyncio.open_connection("127.0.0.1", port))


async def as_fast_as_answered(
    port: int, requests: Sequence[bytes], connections: int, limit_s: float
) -> Outcome:
    """Send the requests, each once, until they are used up or `limit_s` seconds have passed."""
    outcome, left = Outcome(), iter(requests)
    opened = [await connect(port) for _ in range(connections)]
    started = time.perf_counter()
    await asyncio.gather(*(_drain(one, left, outcome, started + limit_s) for one in opened))
    outcome.seconds = time.perf_counter() - started
    for one in opened:
        one.close()
    return outcome


async def _drain(connection: Connection, left: Iterator[bytes], outcome: Outcome, until: float) -> None:
    for request in left:
        sent = time.perf_counter()
        outcome.note(await connection.exchange(request), time.perf_counter() - sent)
        if time.perf_counter() > until:
            return


async def at_pace(port: int, requests: Sequence[bytes], connections: int, per_second: float) -> Outcome:
    """Send each request at its moment, whatever became of those before; waiting for a connection counts."""
    outcome, free = Outcome(), asyncio.Queue[Connection]()
    for _ in range(connections):
        free.put_nowait(await connect(port))
    started = time.perf_counter()
    async with asyncio.TaskGroup() as tasks:
        for number, request in enumerate(requests):
            due = started + number / per_second
            await asyncio.sleep(due - time.perf_counter())
            tasks.create_task(_timed(free, request, outcome, due))
    outcome.seconds = time.perf_counter() - started
    while not free.empty():
        free.get_nowait().close()
    return outcome


async def _timed(free: asyncio.Queue[Connection], request: bytes, outcome: Outcome, due: float) -> None:
    connection = await free.get()
    outcome.note(await connection.exchange(request), time.perf_counter() - due)
    free.put_nowait(connection)
