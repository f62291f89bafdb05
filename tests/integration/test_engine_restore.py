"""Reading a changelog to its end, which is where ListOffsets may not look."""

import pytest
from aiokafka import AIOKafkaProducer, TopicPartition

from streams.engine.restore import read_to_end
from tests.integration.engine_harness import make_topics, read
from tests.services.kafka import Kafka


async def _append(bootstrap: str, topic: str, batches: list[int]) -> None:
    """Append batches of so many records to partition 0. Each is written as one."""
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap, acks="all", max_batch_size=500_000)
    await producer.start()
    number = 0
    for size in batches:
        batch = producer.create_batch()
        for _ in range(size):
            batch.append(timestamp=None, key=b"%d" % number, value=b"x" * 50)
            number += 1
        await (await producer.send_batch(batch, topic, partition=0))
    await producer.stop()


@pytest.mark.parametrize("batches", [[], [1], [1000], [3, 1, 700, 2], [2000, 2000, 999]])
async def test_every_record_is_read(kafka: Kafka, topic_prefix: str, batches: list[int]) -> None:
    topic = f"{topic_prefix}changelog"
    await make_topics(kafka.bootstrap, 2, topic)
    await _append(kafka.bootstrap, topic, batches)

    first, second = await read(kafka.bootstrap, topic, 2)

    assert [key for key, _ in first] == [b"%d" % number for number in range(sum(batches))]
    assert not second


async def test_reading_goes_on_from_a_position(kafka: Kafka, topic_prefix: str) -> None:
    topic = f"{topic_prefix}changelog"
    await make_topics(kafka.bootstrap, 1, topic)
    await _append(kafka.bootstrap, topic, [50, 50])
    offsets: list[int] = []

    for position in (70, 100):
        await read_to_end(
            kafka.bootstrap,
            {TopicPartition(topic, 0): position},
            lambda _, records: offsets.extend(record.offset for record in records),
        )

    assert offsets == list(range(70, 100))
