"""Sending records in batches that are built whole, one queue per partition, and waiting for all of them."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from aiokafka import AIOKafkaProducer

from streams.engine.config import EngineConfig
from streams.engine.fence import HEADER
from streams.records import Output

_MAX_BATCH_BYTES = 512 * 1024  # under the 1 MiB that brokers accept by default
Entry = tuple[bytes, bytes | None, list[tuple[str, bytes]]]  # the driver insists on a list


class Sender:
    """A producer that returns once the broker has everything on all in-sync replicas.

    With idempotence a batch that is retried is written once; without it, on the embedded broker, a retry
    may write it twice, which upserts by key absorb.
    """

    def __init__(self, config: EngineConfig) -> None:
        self._config = config
        self._producer: AIOKafkaProducer | None = None
        self._starting = asyncio.Lock()

    async def send(self, outputs: Iterable[Output]) -> None:
        """Send `outputs`, in order within each partition, and wait for the acknowledgements."""
        queues: defaultdict[tuple[str, int], list[Entry]] = defaultdict(list)
        for output in outputs:
            queues[output.topic, output.partition].append((output.key, output.value, list(output.headers)))
        await asyncio.gather(*(self._send(*place, entries) for place, entries in queues.items()))

    async def append(
        self, topic: str, partition: int, rows: Mapping[bytes, bytes | None], stamp: bytes
    ) -> int:
        """Append `rows` to a changelog partition, each with `stamp`. Returns the position after the last."""
        headers = [(HEADER, stamp)]
        return await self._send(topic, partition, [(key, value, headers) for key, value in rows.items()])

    async def close(self) -> None:
        """Stop the producer, if it ever started."""
        if self._producer is not None:
            await self._producer.stop()
            self._producer = None

    async def _send(self, topic: str, partition: int, entries: list[Entry]) -> int:
        producer = await self._started()
        sent = [
            (await producer.send_batch(batch, topic, partition=partition), batch.record_count())
            for batch in _batches(producer, entries)
        ]
        return max([int((await acknowledged).offset + count) for acknowledged, count in sent])

    async def _started(self) -> AIOKafkaProducer:
        async with self._starting:
            if self._producer is None:
                producer = AIOKafkaProducer(
                    bootstrap_servers=self._config.bootstrap_servers,
                    acks="all",
                    enable_idempotence=self._config.producer_idempotence,
                    max_batch_size=_MAX_BATCH_BYTES,
                    request_timeout_ms=int(self._config.request_timeout_s * 1000),
                )
                await producer.start()
                self._producer = producer
            return self._producer


def _batches(producer: AIOKafkaProducer, entries: Iterable[Entry]) -> Iterator[Any]:
    """Closed batches that hold `entries` in order. A batch takes its first record whatever its size."""
    batch = producer.create_batch()
    for key, value, headers in entries:
        if batch.append(timestamp=None, key=key, value=value, headers=headers) is None:
            yield batch
            batch = producer.create_batch()
            batch.append(timestamp=None, key=key, value=value, headers=headers)
    batch.close()
    yield batch
