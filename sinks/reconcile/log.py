"""Kafka as reconciliation reads it: records of a stretch, where logs begin, how far the sink has come."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from schemas.errors import UnavailableError
from schemas.topics import Topic
from sinks.records import RawRecord

Ends = Callable[[str], Awaitable[Mapping[int, int]]]
"""The offset that the next record of each partition of a topic will get."""

_POLL_S = 0.3
_FETCH_MS = 500
_FAR = 2_000  # offsets that are cheaper to read than to seek over
_LONGEST_SILENCE_S = 30.0


@dataclass(frozen=True, slots=True)
class Log:
    """The topics of one cluster. `epoch` is their incarnation, `group` the sink's."""

    bootstrap_servers: str
    epoch: int
    group: str
    ends: Ends

    async def begins(self, topic: Topic, partitions: Sequence[int]) -> dict[int, int]:
        """The first offset that each partition still has. Raises `UnavailableError`."""
        places = [TopicPartition(topic.name, number) for number in partitions]
        async with self._consumer() as consumer:
            found = await consumer.beginning_offsets(places)
        return {place.partition: offset for place, offset in found.items()}

    async def read(self, topic: Topic, ranges: Mapping[int, tuple[int, int]]) -> AsyncIterator[RawRecord]:
        """Records of each partition from one offset until before the other. Raises `UnavailableError`."""
        left = {
            TopicPartition(topic.name, number): end for number, (start, end) in ranges.items() if start < end
        }
        if not left:
            return
        async with self._consumer() as consumer:
            consumer.assign(list(left))
            for place in left:
                consumer.seek(place, ranges[place.partition][0])
            heard = time.monotonic()
            while left:
                found = await consumer.getmany(*left, timeout_ms=_FETCH_MS)
                for place, messages in found.items():
                    for message in messages:
                        if message.offset < left[place]:
                            yield RawRecord.of(message, self.epoch)
                    if messages[-1].offset + 1 >= left[place]:
                        del left[place]
                heard = time.monotonic() if found else heard
                if time.monotonic() - heard > _LONGEST_SILENCE_S:
                    raise UnavailableError(f"{topic.name} gives nothing more in {sorted(left)}")

    async def read_stretches(
        self, topic: Topic, partition: int, stretches: Sequence[tuple[int, int]]
    ) -> AsyncIterator[RawRecord]:
        """Records of several stretches (first, last), in order; near ones are read as one."""
        for group in _neighbours(stretches):
            wanted = iter(group)
            first, last = next(wanted)
            async for raw in self.read(topic, {partition: (group[0][0], group[-1][1] + 1)}):
                while raw.offset > last:
                    first, last = next(wanted)
                if raw.offset >= first:
                    yield raw

    async def wait_for_sink(self, targets: Mapping[str, Mapping[int, int]], patience_s: float) -> None:
        """Return once the sink has committed up to `targets` (topic → partition → offset).

        Raises `UnavailableError` naming the topics that it has not, after `patience_s` seconds.
        """
        deadline = time.monotonic() + patience_s
        async with self._admin() as admin:
            while behind := await self._behind(admin, targets):
                if time.monotonic() > deadline:
                    raise UnavailableError(f"the sink is behind in {', '.join(behind)}: too early to judge")
                await asyncio.sleep(_POLL_S)

    async def _behind(self, admin: Any, targets: Mapping[str, Mapping[int, int]]) -> list[str]:
        asked = [TopicPartition(topic, number) for topic, ends in targets.items() for number in ends]
        found = await admin.list_consumer_group_offsets(self.group, partitions=asked)
        committed = {(at.topic, at.partition): entry.offset for at, entry in found.items()}
        return sorted(
            topic
            for topic, ends in targets.items()
            if any(max(committed.get((topic, number), 0), 0) < end for number, end in ends.items())
        )

    @asynccontextmanager
    async def _consumer(self) -> AsyncIterator[AIOKafkaConsumer]:
        consumer = AIOKafkaConsumer(bootstrap_servers=self.bootstrap_servers, enable_auto_commit=False)
        try:
            await consumer.start()
            yield consumer
        except KafkaError as error:
            raise UnavailableError(f"Kafka: {error!r}") from error
        finally:
            await consumer.stop()

    @asynccontextmanager
    async def _admin(self) -> AsyncIterator[Any]:
        admin = AIOKafkaAdminClient(bootstrap_servers=self.bootstrap_servers)
        try:
            await admin.start()
            yield admin
        except KafkaError as error:
            raise UnavailableError(f"Kafka: {error!r}") from error
        finally:
            await admin.close()


def _neighbours(stretches: Sequence[tuple[int, int]]) -> list[list[tuple[int, int]]]:
    groups: list[list[tuple[int, int]]] = []
    for stretch in stretches:
        if groups and stretch[0] - groups[-1][-1][1] < _FAR:
            groups[-1].append(stretch)
        else:
            groups.append([stretch])
    return groups
