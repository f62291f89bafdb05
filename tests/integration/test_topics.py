"""Topics on a real broker."""

import asyncio

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from readystream.topics import check_topics, create_topics, end_offsets, end_offsets_of
from schemas.errors import UnavailableError
from schemas.topics import MAX_MESSAGE_BYTES, Topic
from tests.services.kafka import Kafka

DAY_MS = 86_400_000


@pytest.fixture
def catalogue(topic_prefix: str) -> tuple[Topic, ...]:
    def topic(name: str, cleanup: str, retention_ms: int | None) -> Topic:
        return Topic(f"{topic_prefix}{name}", "key", cleanup, retention_ms, (), (), "")  # type: ignore[arg-type]

    return topic("log", "delete", 400 * DAY_MS), topic("state", "compact", None)


async def make(kafka: Kafka, topic: NewTopic) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka.bootstrap)
    await admin.start()
    await admin.create_topics([topic])
    async with asyncio.timeout(10):
        while topic.name not in await admin.list_topics():  # noqa: ASYNC110 - the state is the broker's
            await asyncio.sleep(0.02)
    await admin.close()


async def test_missing_topics_are_made_once(kafka: Kafka, catalogue: tuple[Topic, ...]) -> None:
    names = [topic.name for topic in catalogue]
    assert await create_topics(kafka.bootstrap, catalogue, partitions=4, replication=1) == names
    assert await create_topics(kafka.bootstrap, catalogue, partitions=4, replication=1) == []
    assert await check_topics(kafka.bootstrap, catalogue, partitions=4) == []


async def test_what_is_missing_is_named_and_not_made(kafka: Kafka, catalogue: tuple[Topic, ...]) -> None:
    problems = [f"{topic.name} is missing" for topic in catalogue]
    assert await check_topics(kafka.bootstrap, catalogue, partitions=4) == problems
    assert await check_topics(kafka.bootstrap, catalogue, partitions=4) == problems


async def test_what_differs_is_named(kafka: Kafka, catalogue: tuple[Topic, ...]) -> None:
    log, state = catalogue
    settings = {"cleanup.policy": "delete", "retention.ms": str(DAY_MS), "max.message.bytes": "1048588"}
    await make(kafka, NewTopic(log.name, 3, 1, topic_configs=settings))
    await make(kafka, NewTopic(state.name, 4, 1, topic_configs=settings))
    assert await check_topics(kafka.bootstrap, catalogue, partitions=4) == [
        f"{log.name} has 3 partitions, not 4",
        f"{log.name} has retention.ms={DAY_MS}, less than {400 * DAY_MS}",
        f"{log.name} has max.message.bytes=1048588, less than {MAX_MESSAGE_BYTES}",
        f"{state.name} has cleanup.policy=delete, not compact",
        f"{state.name} has max.message.bytes=1048588, less than {MAX_MESSAGE_BYTES}",
    ]


async def test_ends_are_right_after_batches_of_any_size(kafka: Kafka, catalogue: tuple[Topic, ...]) -> None:
    name, empty = (topic.name for topic in catalogue)
    await create_topics(kafka.bootstrap, catalogue, partitions=4, replication=1)
    async with AIOKafkaProducer(bootstrap_servers=kafka.bootstrap, linger_ms=50) as producer:
        for partition, records in ((0, 1), (1, 20), (2, 3000)):
            for n in range(records):
                await producer.send(name, b"%d" % n, partition=partition)
            await producer.flush()
    ends = {0: 1, 1: 20, 2: 3000, 3: 0}
    assert await end_offsets(kafka.bootstrap, name) == ends
    assert await end_offsets_of(kafka.bootstrap, [name, empty]) == {
        name: ends,
        empty: dict.fromkeys(range(4), 0),
    }


async def test_the_end_of_no_topic_is_an_error(
    kafka: Kafka, catalogue: tuple[Topic, ...], topic_prefix: str
) -> None:
    with pytest.raises(UnavailableError, match="no topic"):
        await end_offsets(kafka.bootstrap, f"{topic_prefix}missing")
    await create_topics(kafka.bootstrap, catalogue, partitions=1, replication=1)
    with pytest.raises(UnavailableError, match=f"no topic {topic_prefix}missing$"):
        await end_offsets_of(kafka.bootstrap, [catalogue[0].name, f"{topic_prefix}missing"])


@pytest.mark.apache
async def test_a_refusal_is_told(kafka: Kafka, catalogue: tuple[Topic, ...]) -> None:
    nameless = Topic("not a name!", "key", "delete", None, (), (), "")
    with pytest.raises(UnavailableError, match="not a name!"):
        await create_topics(kafka.bootstrap, [nameless, *catalogue], partitions=4, replication=1)
