"""What the broker has of a trial: the accepted log and the alerts, from the first record to the last."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition

from readystream.topics import end_offsets
from schemas import codec
from schemas.topics import ALERTS, LINKS, STATEMENTS, Topic, by_name

_POLL_MS = 500


@dataclass(frozen=True, slots=True)
class Logged:
    """One record: where it stands and what it says."""

    partition: int
    offset: int
    value: dict[str, Any]


@dataclass(frozen=True, slots=True)
class AcceptedLog:
    """Everything that was accepted, and the alerts it raised, each topic in the order of its partitions."""

    statements: Sequence[Logged]
    links: Sequence[Logged]
    alerts: Sequence[Logged] = ()

    @property
    def statement_ids(self) -> set[str]:
        """Ids of the accepted statements."""
        return {record.value["statement_id"] for record in self.statements if not record.value["copy"]}


async def read_log(bootstrap: str) -> AcceptedLog:
    """Read the topics to the ends that they have now."""
    topics = (STATEMENTS, LINKS, ALERTS)
    return AcceptedLog(*[await _records(bootstrap, topic) for topic in topics])


async def _records(bootstrap: str, topic: Topic) -> list[Logged]:
    ends = {TopicPartition(topic.name, number): end for number, end in await _ends(bootstrap, topic)}
    if not ends:
        return []  # a consumer that stops before it did anything fails
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap, enable_auto_commit=False)
    await consumer.start()
    try:
        consumer.assign(list(ends))
        for place in ends:
            consumer.seek(place, 0)
        found = [record async for record in _until(consumer, ends)]
    finally:
        await consumer.stop()
    return sorted(found, key=lambda record: (record.partition, record.offset))


async def _ends(bootstrap: str, topic: Topic) -> list[tuple[int, int]]:
    return [(number, end) for number, end in (await end_offsets(bootstrap, topic.name)).items() if end]


async def _until(consumer: AIOKafkaConsumer, ends: dict[TopicPartition, int]) -> Any:
    behind = set(ends)
    while behind:
        for place, records in (await consumer.getmany(*behind, timeout_ms=_POLL_MS)).items():
            for record in records:
                value = codec.decode(by_name(place.topic), record.value)
                yield Logged(place.partition, record.offset, value)
        behind = {place for place in behind if await consumer.position(place) < ends[place]}
