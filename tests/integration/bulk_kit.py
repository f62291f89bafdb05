"""Reading back what an import or a pull wrote."""

import asyncio
from dataclasses import dataclass
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition

from schemas.codec import decode
from schemas.headers import Headers
from schemas.topics import DEAD_LETTERS, STATEMENTS, Topic
from tests.services.kafka import PARTITIONS, Kafka

TENANT_KEY = "a key for tests alone"


@dataclass(frozen=True, slots=True)
class Read:
    """A record: where it stands, its key, its value and its headers."""

    partition: int
    key: bytes
    value: dict[str, Any]
    headers: Headers


async def read_log(kafka: Kafka, topic: Topic, count: int) -> list[Read]:
    """All records of the topic: waits until there are `count`, then a moment for one too many."""
    consumer = AIOKafkaConsumer(bootstrap_servers=kafka.bootstrap, auto_offset_reset="earliest")
    await consumer.start()
    found: list[Read] = []
    try:
        partitions = [TopicPartition(topic.name, number) for number in range(PARTITIONS)]
        consumer.assign(partitions)
        await consumer.seek_to_beginning(*partitions)
        async with asyncio.timeout(20):
            while len(found) < count:
                found += await _poll(consumer, topic)
        found += await _poll(consumer, topic)
    finally:
        await consumer.stop()
    return found


async def _poll(consumer: AIOKafkaConsumer, topic: Topic) -> list[Read]:
    batches = await consumer.getmany(timeout_ms=300)
    return [
        Read(record.partition, record.key, decode(topic, record.value), record.headers)
        for records in batches.values()
        for record in records
    ]


async def read_statements(kafka: Kafka, count: int) -> list[Read]:
    """All of `xapi.statements`: see `read_log`."""
    return await read_log(kafka, STATEMENTS, count)


async def read_dead_letters(kafka: Kafka, count: int) -> list[Read]:
    """All of `dead.letters`: see `read_log`."""
    return await read_log(kafka, DEAD_LETTERS, count)
