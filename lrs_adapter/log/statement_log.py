"""The log of accepted statements, as the receiver writes to it.

Reads: cluster metadata, for the partition count.
Writes: `xapi.statements`; `dead.letters` for the bad statements of senders with `accept_good`.
Key: the persona of the actor, or the statement's id where the actor identifies nobody; of letters the id.
State: the bytes on their way; nothing that a restart would miss.
Guarantee: `write` says `Acknowledged` only after every record has been acknowledged by all in-sync replicas.
On failure: a `Problem` 503. Some of the records may still arrive afterwards: the sender sends all of them
again, and the ledger of the stream worker drops those it has seen.
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

import structlog
from aiokafka.errors import KafkaError

from lrs_adapter.log.lanes import Berth, Lanes
from lrs_adapter.log.memory import Place
from lrs_adapter.log.producer import MAX_RECORD_BYTES, close_producer, open_producer, partition_count
from lrs_adapter.log.record import Record
from lrs_adapter.wire.in_flight import InFlight
from lrs_adapter.wire.problems import Problem, too_large, unavailable
from schemas import log_events

_RETRY_S = 1.0
_RETRY_AFTER_S = 5.0

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """Every record is in the log, each at its place."""

    places: Sequence[Place]


NOT_REACHED = unavailable("log-not-reached", "Kafka is not reachable yet. Nothing was kept.", _RETRY_AFTER_S)
SATURATED = unavailable("saturated", "Too much is on its way to Kafka. Nothing was kept.", _RETRY_AFTER_S)
NOT_ACKNOWLEDGED = unavailable(
    "not-acknowledged", "Kafka did not confirm the statements in time. Send them again.", _RETRY_AFTER_S
)


class StatementLog:
    """The producer and its life. Start it, write to it, stop it, all in one event loop."""

    def __init__(
        self, bootstrap_servers: str, *, idempotent: bool, ack_timeout_s: float, in_flight: InFlight
    ) -> None:
        self._bootstrap_servers = bootstrap_servers
        self._idempotent = idempotent
        self._ack_timeout_s = ack_timeout_s
        self._in_flight = in_flight
        self._lanes: Lanes | None = None
        self._partitions: int | None = None
        self._disturbed = asyncio.Event()
        self._stopping = False
        self._keeper: asyncio.Task[None] | None = None

    @property
    def partitions(self) -> int | None:
        """Partition count of the topic; None while Kafka is away."""
        return None if self._lanes is None else self._partitions

    def start(self) -> None:
        """Begin to connect, and go on for as long as it takes; returns at once."""
        self._keeper = asyncio.create_task(self._keep_connected(), name="statement-log")

    async def stop(self) -> None:
        """Flush what is on its way, then close.

        The connecting is asked to end rather than cancelled: aiokafka can swallow a cancellation, and leaves
        connections open after one.
        """
        self._stopping = True
        self._disturbed.set()
        if self._keeper is not None:
            await asyncio.wait([self._keeper], timeout=2 * self._ack_timeout_s)
            self._keeper.cancel()

    async def write(self, records: Sequence[Record]) -> Acknowledged | Problem:
        """Write the records of one request; they are all in the log, or the sender is told to send again."""
        if any(len(record.value) > MAX_RECORD_BYTES for record in records):
            return too_large(f"A statement may have about {MAX_RECORD_BYTES} bytes at most.")
        lanes = self._lanes
        if lanes is None:
            return NOT_REACHED
        size = sum(len(record.value) for record in records)
        if not self._in_flight.admit(size):
            return SATURATED
        return await self._deliver(lanes, records)

    async def _deliver(self, lanes: Lanes, records: Sequence[Record]) -> Acknowledged | Problem:
        berths: list[Berth] = []
        try:
            async with asyncio.timeout(self._ack_timeout_s):
                for record in records:
                    berths.append(await lanes.put(record))  # noqa: PERF401  kept if a later one fails
                if berths:
                    await asyncio.wait({berth.sent.first for berth in berths})
        except TimeoutError:
            return NOT_ACKNOWLEDGED
        except KafkaError as error:
            self._failed(lanes, [error])
            return NOT_ACKNOWLEDGED
        finally:
            self._in_flight.release(sum(len(record.value) for record in records[len(berths) :]))
        return self._verdict(lanes, berths)

    def _verdict(self, lanes: Lanes, berths: Sequence[Berth]) -> Acknowledged | Problem:
        errors = [error for sent in {b.sent for b in berths} if (error := sent.first.exception()) is not None]
        if not errors:
            return Acknowledged([Place(b.partition, b.sent.first.result() + b.index) for b in berths])
        self._failed(lanes, errors)
        return NOT_ACKNOWLEDGED

    def _failed(self, lanes: Lanes, errors: Sequence[BaseException]) -> None:
        """A producer that met an error which does not pass by itself is made anew."""
        names = sorted({type(error).__name__ for error in errors})
        log.warning(log_events.ADAPTER_KAFKA_WAITING, error=", ".join(names))
        lasting = any(not getattr(error, "retriable", False) for error in errors)
        if lasting and lanes is self._lanes:
            self._disturbed.set()

    async def _keep_connected(self) -> None:
        while not self._stopping:
            try:
                await self._connect()
            except Exception as error:  # whatever a broker's answer leads aiokafka to: the receiver lives on
                log.warning(log_events.ADAPTER_KAFKA_WAITING, error=type(error).__name__)
                await self._close()
                await self._pause()
                continue
            await self._disturbed.wait()
            await self._close()
            if not self._stopping:
                self._disturbed.clear()

    async def _connect(self) -> None:
        self._partitions = None
        producer = await open_producer(self._bootstrap_servers, idempotent=self._idempotent)
        self._lanes = Lanes(producer, self._ack_timeout_s, self._in_flight)
        self._partitions = await partition_count(producer)

    async def _pause(self) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._disturbed.wait(), _RETRY_S)

    async def _close(self) -> None:
        lanes, self._lanes = self._lanes, None
        if lanes is not None and not await close_producer(lanes.producer, self._ack_timeout_s):
            log.warning(log_events.ADAPTER_KAFKA_WAITING, error="left unconfirmed records behind")
