"""Reading changelog partitions to their end.

The end is the high watermark that answers to fetches carry, not what ListOffsets says: on the embedded
broker the latter is too low after a batch of several records, and a restored table would lack its last
rows. Every broker's fetch answers are right, so there is one way for all.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition

_POLL_MS = 200
_MAX_WAIT_MS = 50  # how long the broker may wait for more at the end of a partition
_MAX_FETCH_BYTES = 4 * 1024 * 1024

Apply = Callable[[TopicPartition, Sequence[Any]], None]


async def read_to_end(bootstrap: str, positions: Mapping[TopicPartition, int], apply: Apply) -> None:
    """Hand every record from `positions` on to `apply`, in offset order, until the end of each partition."""
    if not positions:
        return
    consumer = AIOKafkaConsumer(
        bootstrap_servers=bootstrap,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        fetch_max_wait_ms=_MAX_WAIT_MS,
        max_partition_fetch_bytes=_MAX_FETCH_BYTES,
    )
    await consumer.start()
    try:
        consumer.assign(list(positions))
        for partition, position in positions.items():
            consumer.seek(partition, position)
        await _read(consumer, set(positions), apply)
    finally:
        await consumer.stop()


async def _read(consumer: AIOKafkaConsumer, behind: set[TopicPartition], apply: Apply) -> None:
    while behind:
        fetched = await consumer.getmany(*behind, timeout_ms=_POLL_MS)
        for partition, records in fetched.items():
            apply(partition, records)
        behind = {partition for partition in behind if not await _at_end(consumer, partition)}


async def _at_end(consumer: AIOKafkaConsumer, partition: TopicPartition) -> bool:
    end = consumer.highwater(partition)
    return end is not None and await consumer.position(partition) >= end
