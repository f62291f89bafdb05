"""The end of the log, followed, so that every adapter remembers what all of them accepted.

Reads: `xapi.statements`, from as far back as the memory reaches, without a consumer group.
Writes: nothing.
Key: statement ids.
State: the memory, and how far each partition has been read; a restart reads the same stretch again.
Guarantee: `caught_up` is true only if everything is remembered that was acknowledged, by any adapter, before
it was asked.
On failure: it connects anew for as long as it takes and goes on where it was. Meanwhile statements are
accepted, and what contradicts one of another adapter is found by the ledger of the stream worker.
"""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

import orjson
import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from lrs_adapter.log.memory import Memory, Place
from schemas import log_events
from schemas.codec import decode, peek_statement_id
from schemas.equality import content_digest
from schemas.errors import CodecError
from schemas.metrics import AdapterMetrics
from schemas.topics import STATEMENTS

_POLL_MS = 500
_WAIT_MS = 50
"""How long a fetch waits for news; a broker that does not wake it then costs a reader no more than that."""
_AT_ONCE = 200
"""Records taken in without a pause: a few milliseconds in which no request is served."""
_PAUSE_S = 0.03
"""Between polls once the end is reached: small requests would otherwise cost a fetch each."""
_RETRY_S = 1.0
_STOP_WITHIN_S = 2.0

log = structlog.get_logger()


class Tail:
    """Follows the log. Start and stop it in the event loop of the receiver. `limit` is that of the memory."""

    def __init__(self, bootstrap_servers: str, memory: Memory, limit: int, metrics: AdapterMetrics) -> None:
        self._bootstrap_servers = bootstrap_servers
        self._memory = memory
        self._limit = limit
        self._metrics = metrics
        self._consumer: AIOKafkaConsumer | None = None
        self._reached: dict[TopicPartition, int] = {}
        self._moved = asyncio.Condition()
        self._stopping = asyncio.Event()
        self._follower: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to follow; returns at once."""
        self._follower = asyncio.create_task(self._follow(), name="tail")

    async def stop(self) -> None:
        """End after the poll under way."""
        self._stopping.set()
        if self._follower is not None:
            await asyncio.wait([self._follower], timeout=_STOP_WITHIN_S)
            self._follower.cancel()

    async def caught_up(self, within_s: float) -> bool:
        """Wait until all is remembered that the log had when this was asked; False if that takes longer."""
        try:
            async with asyncio.timeout(within_s):
                ends = await self._ends()
                async with self._moved:
                    await self._moved.wait_for(lambda: self._has_reached(ends))
        except (TimeoutError, KafkaError):
            return False
        return True

    async def _ends(self) -> Mapping[TopicPartition, int]:
        async with self._moved:
            await self._moved.wait_for(lambda: self._consumer is not None and self._reached)
        consumer = self._consumer
        if consumer is None:
            raise TimeoutError
        ends: Mapping[TopicPartition, int] = await consumer.end_offsets(list(self._reached))
        return ends

    def _has_reached(self, ends: Mapping[TopicPartition, int]) -> bool:
        return all(self._reached.get(partition, 0) >= end for partition, end in ends.items())

    async def _follow(self) -> None:
        while not self._stopping.is_set():
            try:
                await self._follow_once()
            except Exception as error:  # whatever a broker's answer leads aiokafka to: the receiver lives on
                log.warning(log_events.ADAPTER_TAIL_WAITING, error=type(error).__name__)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), _RETRY_S)

    async def _follow_once(self) -> None:
        """One connection, from its beginning to its end."""
        consumer = AIOKafkaConsumer(
            bootstrap_servers=self._bootstrap_servers,
            client_id="readystream-adapter-tail",
            auto_offset_reset="none",
            fetch_max_wait_ms=_WAIT_MS,
        )
        try:
            await consumer.start()
            partitions = await _partitions(consumer)
            if partitions:
                consumer.assign(partitions)
                await self._seek(consumer, partitions)
                self._consumer = consumer
                await self._read(consumer)
        finally:
            self._consumer = None
            await consumer.stop()

    async def _seek(self, consumer: AIOKafkaConsumer, partitions: Sequence[TopicPartition]) -> None:
        """Go on where the last connection was, else as far back as the memory reaches."""
        starts = await consumer.beginning_offsets(partitions)
        ends = await consumer.end_offsets(partitions)
        if any(self._reached.get(partition, 0) > ends[partition] for partition in partitions):
            self._memory.clear()  # the topic was made anew: these places are another statement's by now
            self._reached.clear()
        back = self._limit // 2 // len(partitions)
        for partition in partitions:
            start = max(starts[partition], self._reached.get(partition, ends[partition] - back))
            consumer.seek(partition, start)
            self._reached[partition] = start

    async def _read(self, consumer: AIOKafkaConsumer) -> None:
        while not self._stopping.is_set():
            batches = await consumer.getmany(timeout_ms=_POLL_MS, max_records=_AT_ONCE)
            for partition, records in batches.items():
                for record in records:
                    self._take_in(record)
                self._reached[partition] = await consumer.position(partition)
            self._metrics.remembered.set(len(self._memory))
            async with self._moved:
                self._moved.notify_all()
            if sum(map(len, batches.values())) < _AT_ONCE:
                await asyncio.sleep(_PAUSE_S)

    def _take_in(self, record: Any) -> None:
        place = Place(record.partition, record.offset)
        if self._is_own(record.value, place):
            return
        try:
            value = decode(STATEMENTS, record.value)
        except CodecError:
            return  # the stream worker dead-letters it
        if value["voids"]:
            self._memory.voids(value["voids"])
        if not value["copy"] and not self._memory.has(value["statement_id"]):
            self._memory.remember(value["statement_id"], _digest(value), place)

    def _is_own(self, data: bytes, place: Place) -> bool:
        """Whether this receiver wrote it and remembers that: the most common case, and cheap to tell."""
        statement_id = peek_statement_id(data)
        return statement_id is not None and self._memory.has(statement_id, place)


async def _partitions(consumer: AIOKafkaConsumer) -> list[TopicPartition]:
    """The topic's partitions; none while it does not exist.

    Asks for all topics: asking for one by name can create it, with a count that nobody chose.
    """
    cluster = await consumer._client.fetch_all_metadata()  # noqa: SLF001 - its own `topics` tells names alone
    numbers = cluster.partitions_for_topic(STATEMENTS.name) or ()
    return [TopicPartition(STATEMENTS.name, number) for number in sorted(numbers)]


def _digest(value: Mapping[str, Any]) -> bytes:
    return value["digest"] or content_digest(orjson.loads(value["statement"]))
