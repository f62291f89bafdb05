"""The Apache Kafka harness: what outages and restarts of it leave."""

from collections.abc import Callable

import pytest
from aiokafka import AIOKafkaProducer

from readystream.embedded.broker import kafka_answers
from readystream.topics import create_topics, end_offsets
from schemas.topics import STATEMENTS
from tests.services.kafka import Broker

pytestmark = pytest.mark.apache


@pytest.mark.parametrize("end", ["stop", "kill"])
async def test_records_and_address_survive_a_restart(private_broker: Callable[[], Broker], end: str) -> None:
    broker = private_broker()
    await create_topics(broker.bootstrap, [STATEMENTS], partitions=2, replication=1)
    async with AIOKafkaProducer(
        bootstrap_servers=broker.bootstrap, acks="all", enable_idempotence=True
    ) as producer:
        for n in range(10):
            await producer.send_and_wait(STATEMENTS.name, b"%d" % n, partition=0)
    getattr(broker, end)()
    assert not kafka_answers(broker.bootstrap)
    broker.start()
    broker.wait_ready()
    assert await end_offsets(broker.bootstrap, STATEMENTS.name) == {0: 10, 1: 0}
