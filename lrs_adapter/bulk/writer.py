"""The log as an import or a pull writes to it: in batches, each of them acknowledged before the next.

Reads: cluster metadata, for the partition count.
Writes: `xapi.statements`, `dead.letters`.
Key: the persona of the actor, or the statement's id where the actor identifies nobody; of a refused row its
place.
State: one batch, bounded in bytes.
Guarantee: `flush` returns after every record so far is acknowledged by all in-sync replicas.
On failure: `UnavailableError`. Some of the batch may be in the log; writing it again is harmless, for the
ledger of the stream worker drops ids that it has seen.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from lrs_adapter.log.producer import close_producer, open_producer, partition_count
from lrs_adapter.log.record import Record
from schemas.errors import UnavailableError

_BATCH_BYTES = 8 << 20
_CLOSE_S = 10.0


class LogWriter:
    """Sends records and waits for them. `partitions` is the partition count of the log."""

    def __init__(self, producer: AIOKafkaProducer, partitions: int) -> None:
        self._producer = producer
        self._waiting: list[asyncio.Future[object]] = []
        self._bytes = 0
        self.partitions = partitions

    async def write(self, records: Iterable[Record]) -> None:
        """Send records; waits for acknowledgements when a batch is full. Raises `UnavailableError`."""
        try:
            for record in records:
                self._waiting.append(await self._send(record))
                self._bytes += len(record.value)
        except KafkaError as error:
            raise _unavailable(error) from error
        if self._bytes >= _BATCH_BYTES:
            await self.flush()

    async def flush(self) -> None:
        """Wait until everything sent is acknowledged. Raises `UnavailableError`."""
        waiting, self._waiting, self._bytes = self._waiting, [], 0
        if waiting:
            await asyncio.wait(waiting)
        errors = [error for future in waiting if (error := future.exception()) is not None]
        if errors:
            raise _unavailable(errors[0]) from errors[0]

    async def _send(self, record: Record) -> asyncio.Future[object]:
        future: asyncio.Future[object] = await self._producer.send(
            record.topic,
            record.value,
            key=record.key,
            partition=record.partition,
            headers=list(record.headers),
        )
        return future


@asynccontextmanager
async def log_writer(bootstrap_servers: str, *, idempotent: bool) -> AsyncIterator[LogWriter]:
    """A writer; leaving the block flushes it. Raises `UnavailableError` while Kafka is away."""
    try:
        producer = await open_producer(bootstrap_servers, idempotent=idempotent)
    except (KafkaError, OSError) as error:
        raise _unavailable(error) from error
    try:
        writer = LogWriter(producer, await _partitions(producer))
        yield writer
        await writer.flush()
    finally:
        await close_producer(producer, _CLOSE_S)


async def _partitions(producer: AIOKafkaProducer) -> int:
    try:
        return await partition_count(producer)
    except KafkaError as error:
        raise _unavailable(error) from error


def _unavailable(error: BaseException) -> UnavailableError:
    return UnavailableError(f"Kafka did not take the statements: {error!r}")
