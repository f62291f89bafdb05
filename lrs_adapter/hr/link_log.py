"""The log of links between personas and persons, as an import writes to it.

Reads: nothing.
Writes: `identity.links`.
Key: persona.
State: none.
Guarantee: `publish_links` returns once every link is acknowledged by all in-sync replicas.
On failure: `UnavailableError`; some links may be there already, and writing all of them again is harmless.
"""

import asyncio
from collections.abc import Sequence
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from lrs_adapter.log.producer import open_producer
from lrs_adapter.log.record import Record
from schemas import codec
from schemas.errors import UnavailableError
from schemas.headers import headers
from schemas.topics import LINKS, partition_for

Link = dict[str, Any]
"""A value of `identity.links`."""


async def publish_links(
    bootstrap_servers: str, links: Sequence[Link], *, partitions: int, idempotent: bool = True
) -> int:
    """Append links; returns how many. `partitions` is the topic's partition count."""
    try:
        producer = await open_producer(bootstrap_servers, idempotent=idempotent)
        try:
            sent = [await _send(producer, link_record(link, partitions)) for link in links]
            await asyncio.gather(*sent)
        finally:
            await producer.stop()
    except (KafkaError, OSError) as error:
        raise UnavailableError(f"Kafka did not take all links: {error!r}") from error
    return len(links)


def link_record(link: Link, partitions: int) -> Record:
    """The link as a record, in the partition of its persona."""
    persona = link["persona_id"]
    told = headers(LINKS, link["correlation_id"])
    value = codec.encode(LINKS, link)
    return Record(partition_for(persona, partitions), persona.encode(), value, told, LINKS.name)


async def _send(producer: AIOKafkaProducer, record: Record) -> asyncio.Future[object]:
    future: asyncio.Future[object] = await producer.send(
        record.topic, record.value, key=record.key, partition=record.partition, headers=list(record.headers)
    )
    return future
