"""Single statements, read back from the log by their place.

Reads: `xapi.statements`.
Writes: nothing.
Key: partition and offset.
State: one connection, made when first wanted.
Guarantee: the record at that very offset, or none.
On failure: `UnavailableError`; the next read connects anew.
"""

import asyncio
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError, OffsetOutOfRangeError

from lrs_adapter.log.memory import Place
from lrs_adapter.log.producer import MAX_RECORD_BYTES
from schemas.codec import decode
from schemas.errors import UnavailableError
from schemas.topics import STATEMENTS

_WITHIN_S = 3.0
_WAIT_MS = 10
"""How long a fetch waits at the end of a partition; the next read, of another one, waits behind it."""


class LogReader:
    """Reads one statement at a time."""

    def __init__(self, bootstrap_servers: str) -> None:
        self._bootstrap_servers = bootstrap_servers
        self._consumer: AIOKafkaConsumer | None = None
        self._turn = asyncio.Lock()

    async def read(self, place: Place) -> dict[str, Any] | None:
        """The record's value; None if the log no longer has it. Raises `UnavailableError`."""
        try:
            async with asyncio.timeout(_WITHIN_S), self._turn:
                return await self._read(TopicPartition(STATEMENTS.name, place.partition), place.offset)
        except OffsetOutOfRangeError:
            return None
        except (KafkaError, OSError, TimeoutError) as error:
            await self.close()
            raise UnavailableError(f"Kafka did not give {place}: {error!r}") from error

    async def close(self) -> None:
        """Close the connection, if there is one."""
        consumer, self._consumer = self._consumer, None
        if consumer is not None:
            await consumer.stop()

    async def _read(self, partition: TopicPartition, offset: int) -> dict[str, Any] | None:
        consumer = self._consumer or await self._connect()
        consumer.assign([partition])
        consumer.seek(partition, offset)
        record = await consumer.getone(partition)
        consumer.pause(partition)
        return decode(STATEMENTS, record.value) if record.offset == offset else None

    async def _connect(self) -> AIOKafkaConsumer:
        consumer = AIOKafkaConsumer(
            bootstrap_servers=self._bootstrap_servers,
            client_id="readystream-adapter-reader",
            auto_offset_reset="none",
            fetch_max_wait_ms=_WAIT_MS,
            max_partition_fetch_bytes=2 * MAX_RECORD_BYTES,
        )
        try:
            await consumer.start()
        except BaseException:
            await consumer.stop()
            raise
        self._consumer = consumer
        return consumer
