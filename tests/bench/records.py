"""Writing records to a topic as fast as they are made."""

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import NamedTuple

from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from schemas.partitions import partition_for

_AT_ONCE = 5000


class BenchRecord(NamedTuple):
    """A record; without a `partition` the key decides."""

    key: str
    value: bytes
    partition: int | None = None


async def make_topics(
    bootstrap: str, names: Iterable[str], partitions: int, config: Mapping[str, str]
) -> None:
    """Make topics of that many partitions."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        await admin.create_topics([NewTopic(name, partitions, 1, topic_configs={**config}) for name in names])
    finally:
        await admin.close()


async def produce(bootstrap: str, topic: str, partitions: int, records: Iterable[BenchRecord]) -> int:
    """Append `records` and wait until the broker has them all; returns how many they were."""
    producer = AIOKafkaProducer(
        bootstrap_servers=bootstrap, acks="all", linger_ms=5, max_batch_size=512 * 1024
    )
    await producer.start()
    produced = 0
    try:
        waiting = iter(records)
        while batch := list(islice(waiting, _AT_ONCE)):
            for key, value, partition in batch:
                place = partition_for(key, partitions) if partition is None else partition
                await producer.send(topic, value, key=key.encode(), partition=place)
            await producer.flush()
            produced += len(batch)
    finally:
        await producer.stop()
    return produced
