"""The consuming side of the sink: records from Kafka into buffers, no more than memory has room for."""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from aiokafka import TopicPartition
from aiokafka.errors import KafkaError

from schemas import log_events
from schemas.errors import ReadystreamError
from sinks.buffer import Block, Buffer
from sinks.health import SinkHealth
from sinks.intents import Intent, Partition
from sinks.policy import FlushPolicy, Refusals
from sinks.records import RawRecord

_log = structlog.get_logger()
_LONGEST_POLL_S = 0.1
_RECORDS_A_POLL = 2000  # in the time that these take to handle, nothing else happens
_LOOK_S = 5.0


@dataclass(frozen=True, slots=True)
class Start:
    """Where a partition is read from; None: its beginning. `finish` is a range to be finished first."""

    partition: Partition
    offset: int | None
    finish: Intent | None = None


class Intake:
    """Buffers of the partitions that were taken up, filled from `consumer`."""

    def __init__(
        self,
        consumer: Any,
        *,
        epoch: int,
        policy: FlushPolicy,
        health: SinkHealth,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._consumer = consumer
        self._epoch = epoch
        self._policy = policy
        self._health = health
        self._clock = clock
        self._refusals = Refusals()
        self._buffers: dict[Partition, Buffer] = {}
        self._looked_at = 0.0

    async def poll(self, held: int) -> None:
        """Wait a little for records and buffer them.

        Reads on only while there is room besides the `held` bytes of the round that is being written.
        """
        waiting = sum(buffer.size for buffer in self._buffers.values() if buffer.finish is None)
        room = held + waiting < self._policy.held_bytes
        if room:
            self._consumer.resume(*map(_of, self._buffers))
        else:
            self._consumer.pause(*self._consumer.assignment())
        timeout_s = min(_LONGEST_POLL_S, self._policy.max_age_s / 2)
        found = await self._consumer.getmany(timeout_ms=int(1000 * timeout_s), max_records=_RECORDS_A_POLL)
        for partition, messages in found.items():
            buffer = self._buffers.get(tuple(partition))
            if buffer is not None:
                self._fill(buffer, messages)
        self._health.seen(self._ends() if room else await self._ends_asked())

    def _fill(self, buffer: Buffer, messages: Sequence[Any]) -> None:
        refused = buffer.add([RawRecord.of(message, self._epoch) for message in messages], self._clock())
        for one in refused:
            self._health.refused(one.raw.topic)
            _log.warning(
                log_events.SINK_DEAD_LETTER,
                topic=one.raw.topic,
                offset=one.raw.offset,
                correlation_id=one.raw.correlation_id,
            )
        topic, _ = buffer.partition
        if not self._refusals.note(topic, records=len(messages), refused=len(refused)):
            raise ReadystreamError(f"{topic}: too many records in a row cannot become rows")

    # ── partitions ──

    async def open(self, starts: Sequence[Start]) -> None:
        """Read these partitions from where each is to start, into new buffers.

        There is no buffer before the consumer stands where it should: what comes earlier is dropped.
        """
        new = [_of(start.partition) for start in starts if start.offset is None]
        if new:
            await self._consumer.seek_to_beginning(*new)
        for start in starts:
            if start.offset is not None:
                self._consumer.seek(_of(start.partition), start.offset)
        for start in starts:
            self._begin(start.partition, start.finish)

    def _begin(self, partition: Partition, finish: Intent | None = None) -> None:
        self._buffers[partition] = Buffer(partition, self._epoch, finish)

    def clear(self) -> None:
        """Forget everything."""
        self._buffers.clear()

    # ── what waits ──

    def take(self, *, everything: bool, calm_s: float) -> tuple[Block, ...]:
        """The blocks to insert now, none if nothing is due; their buffers begin anew.

        Records wait at least `calm_s`, unless they are many. If one partition is due, those that nearly are
        go along. A range to finish stays open until it is `finished`.
        """
        now = self._clock()
        policy = self._policy.at_least(calm_s)
        buffers = list(self._buffers.values())
        if not everything:
            due = any(buffer.due(policy, now) for buffer in buffers)
            buffers = [one for one in buffers if due and one.worth_taking(policy, now)]
        blocks = tuple(block for one in buffers if (block := one.block()) is not None)
        for block in blocks:
            if self._buffers[block.partition].finish is None:
                self._begin(block.partition)
        return blocks

    async def finished(self, blocks: Iterable[Block]) -> None:
        """Blocks are written: where one was a predecessor's range, read on after it."""
        for block in blocks:
            if self._buffers[block.partition].finish is not None:
                await self.open([Start(block.partition, block.intent.end + 1)])
                _log.info(log_events.SINK_INTENT_FINISHED, token=block.token)

    # ── how far behind ──

    def _ends(self) -> dict[Partition, int]:
        """The ends as the last fetches told them."""
        ends = {one: self._consumer.highwater(_of(one)) for one in self._buffers}
        return {partition: end for partition, end in ends.items() if end is not None}

    async def _ends_asked(self) -> dict[Partition, int]:
        """The ends while nothing is fetched, asked for now and then."""
        if self._clock() < self._looked_at + _LOOK_S:
            return {}
        self._looked_at = self._clock()
        try:
            ends = await self._consumer.end_offsets(list(map(_of, self._buffers)))
        except KafkaError:
            return {}
        told = self._ends()
        return {(one := tuple(at)): max(end, told.get(one, 0)) for at, end in ends.items()}


def _of(partition: Partition) -> TopicPartition:
    return TopicPartition(*partition)
