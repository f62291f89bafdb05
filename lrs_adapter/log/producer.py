"""The aiokafka producer as this receiver uses it: opened, asked for partitions, closed within bounds."""

import asyncio
from collections.abc import Iterable

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError, UnknownTopicOrPartitionError

from lrs_adapter.log.record import Record
from schemas.errors import UnavailableError
from schemas.topics import STATEMENTS

MAX_RECORD_BYTES = 1_000_000
"""Largest value of one record: Kafka's own default for a message, less its envelope."""

_REQUEST_TIMEOUT_MS = 15_000
_BATCH_BYTES = 524_288
_LINGER_MS = 2
_OVERHEAD = 65_536


async def open_producer(bootstrap_servers: str, *, idempotent: bool) -> AIOKafkaProducer:
    """A started producer. Raises `KafkaError` or `OSError` while the broker is away.

    Without idempotence a retry inside the client may write a record twice; the ledger downstream drops the
    second one like any resend.
    """
    producer = AIOKafkaProducer(
        bootstrap_servers=bootstrap_servers,
        client_id="readystream-adapter",
        acks="all",
        enable_idempotence=idempotent,
        max_batch_size=_BATCH_BYTES,
        max_request_size=MAX_RECORD_BYTES + _OVERHEAD,
        linger_ms=_LINGER_MS,
        request_timeout_ms=_REQUEST_TIMEOUT_MS,
    )
    try:
        await producer.start()
    except BaseException:
        await producer.stop()
        raise
    return producer


async def partition_count(producer: AIOKafkaProducer) -> int:
    """Partitions of the topic. Raises `UnknownTopicOrPartitionError` while it does not exist.

    Asks for all topics: asking for one by name can create it, with a count that nobody chose.
    """
    cluster = await producer.client.fetch_all_metadata()
    partitions = cluster.partitions_for_topic(STATEMENTS.name)
    if not partitions:
        raise UnknownTopicOrPartitionError(STATEMENTS.name)
    return len(partitions)


async def publish(bootstrap_servers: str, records: Iterable[Record], *, idempotent: bool) -> None:
    """Write records by a producer of their own. Raises `UnavailableError` unless all are acknowledged."""
    try:
        producer = await open_producer(bootstrap_servers, idempotent=idempotent)
        try:
            await asyncio.gather(*[await _send(producer, record) for record in records])
        finally:
            await producer.stop()
    except (KafkaError, OSError) as error:
        raise UnavailableError(f"Kafka did not take all records: {error!r}") from error


async def _send(producer: AIOKafkaProducer, record: Record) -> asyncio.Future[object]:
    future: asyncio.Future[object] = await producer.send(
        record.topic, record.value, key=record.key, partition=record.partition, headers=list(record.headers)
    )
    return future


async def close_producer(producer: AIOKafkaProducer, within_s: float) -> bool:
    """Flush and close; False if the broker did not take what was left within `within_s` seconds."""
    try:
        async with asyncio.timeout(within_s):
            await producer.stop()
    except TimeoutError:
        await producer.client.close()
        await producer._sender.close()  # noqa: SLF001 - `stop` was cut off before it came to this
        return False
    return True
