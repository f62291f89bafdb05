"""The sink: Kafka → ClickHouse.

Reads: the topics of `sinks.tables.BY_TOPIC`.
Writes: the table of each topic, `ingest_intent`, `dead.letters`.
Key: topic and partition; a block never mixes two.
State: none but buffers in memory. What was written is known to ClickHouse (intents) and to Kafka (positions).
Guarantee: each record's rows are inserted exactly once, materialized views included, whatever crashes and
however often: see `sinks.rounds`. Order within a partition is kept.
On failure: a record that cannot become rows is a dead letter and the stream goes on, but a thousand in a row
stop the sink. While ClickHouse or Kafka does not answer, consumption pauses and the same round is tried again
with growing waits. Any other fault stops the sink before the commit.
"""

import asyncio
import random
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import structlog
from aiokafka import ConsumerRebalanceListener, TopicPartition
from aiokafka.errors import IllegalStateError, KafkaError

from schemas import log_events
from schemas.errors import ReadystreamError, UnavailableError
from schemas.origin import Origin
from sinks.buffer import Buffer
from sinks.health import SinkHealth
from sinks.intents import Intent, Partition
from sinks.policy import Backoff, FlushPolicy, Refusals
from sinks.records import RawRecord
from sinks.rounds import Outcome, Round, RoundWriter

_log = structlog.get_logger()
_LONGEST_POLL_S = 0.25
_COMMIT_TIMEOUT_S = 30
_BACKOFF = Backoff()


class Sink(ConsumerRebalanceListener):  # type: ignore[misc]
    """Consumes into buffers, and writes rounds of those that are due.

    A partition that is assigned is first taken up: its last intent is looked up, and a range that may not
    have been finished is read again and inserted under its own token before anything else.
    """

    def __init__(
        self,
        consumer: Any,
        writer: RoundWriter,
        *,
        epoch: int,
        policy: FlushPolicy,
        health: SinkHealth,
        backoff: Backoff = _BACKOFF,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._consumer = consumer
        self._writer = writer
        self._epoch = epoch
        self._policy = policy
        self._health = health
        self._backoff = backoff
        self._clock = clock
        self._writing = asyncio.Lock()
        self._refusals = Refusals()
        self._waiting: set[Partition] = set()  # assigned, not taken up yet
        self._buffers: dict[Partition, Buffer] = {}
        self._known: dict[Partition, Intent] = {}
        self._round: Round | None = None  # a round that must be repeated as it is
        self._failures = 0
        self._not_before = 0.0

    async def run(self, stop: asyncio.Event) -> None:
        """Consume until `stop` is set; then write what waits and commit."""
        while not stop.is_set():
            await self._poll()
            if self._clock() >= self._not_before:
                await self._work(everything=False)
            self._health.seen(self._ends())
        if not self._failures:
            await self._work(everything=True)

    # ── consuming ──

    async def _poll(self) -> None:
        timeout_ms = int(1000 * min(_LONGEST_POLL_S, self._policy.max_age_s / 2))
        found = await self._consumer.getmany(timeout_ms=timeout_ms, max_records=self._policy.max_rows)
        for partition, messages in found.items():
            buffer = self._buffers.get(tuple(partition))
            if buffer is not None:
                self._fill(buffer, messages)

    def _fill(self, buffer: Buffer, messages: Iterable[Any]) -> None:
        now = self._clock()
        for message in messages:
            refused = not buffer.add(_raw(message, self._epoch), now)
            if refused:
                self._health.refused(message.topic)
                _log.warning(log_events.SINK_DEAD_LETTER, topic=message.topic, offset=message.offset)
            if not self._refusals.note(message.topic, refused=refused):
                raise ReadystreamError(f"{message.topic}: too many records in a row cannot become rows")

    # ── writing ──

    async def _work(self, *, everything: bool) -> None:
        async with self._writing:
            try:
                await self._take_up()
                await self._write(everything=everything)
            except UnavailableError as error:
                self._failed(error)
            else:
                self._succeeded()

    async def _take_up(self) -> None:
        """Find where each newly assigned partition goes on, and start reading there."""
        if not self._waiting:
            return
        intents = await self._writer.last_intents()
        starts = {partition: await self._start(partition, intents) for partition in sorted(self._waiting)}
        self._waiting.clear()
        await self._read_from(starts)
        self._health.owned({partition: start or 0 for partition, start in starts.items()})

    async def _start(self, partition: Partition, intents: Mapping[Partition, Intent]) -> int | None:
        """Where to begin: at an intent that may be unfinished, else at the commit; None: at the beginning."""
        committed: int | None = await self._consumer.committed(TopicPartition(*partition))
        intent = intents.get(partition)
        if intent is not None:
            self._known[partition] = intent
        if intent is not None and intent.end >= (committed or 0):
            self._open(partition, finish=intent)
            return intent.start
        self._open(partition)
        return committed

    def _open(self, partition: Partition, finish: Intent | None = None) -> None:
        self._buffers[partition] = Buffer(partition, self._epoch, finish)

    async def _read_from(self, starts: Mapping[Partition, int | None]) -> None:
        new = [TopicPartition(*partition) for partition, start in starts.items() if start is None]
        if new:
            await self._consumer.seek_to_beginning(*new)
        for partition, start in starts.items():
            if start is not None:
                self._consumer.seek(TopicPartition(*partition), start)
        self._consumer.resume(*(TopicPartition(*partition) for partition in starts))

    async def _write(self, *, everything: bool) -> None:
        batch = self._round = self._round or self._next_round(everything=everything)
        if batch is None:
            return
        match await self._writer.write(batch):
            case Outcome.WRITTEN:
                await self._written(batch)
            case Outcome.TAKEN_OVER | Outcome.NOT_COMMITTED as outcome:
                _log.warning(log_events.SINK_REVOKED, reason=outcome.name.lower())
                self._start_over(self._assigned())

    def _next_round(self, *, everything: bool) -> Round | None:
        now = self._clock()
        due = (one for one in self._buffers.values() if everything or one.due(self._policy, now))
        blocks = tuple(block for one in due if (block := one.block()) is not None)
        return Round(blocks, dict(self._known)) if blocks else None

    async def _written(self, batch: Round) -> None:
        self._round = None
        for block in batch.blocks:
            finished = self._buffers[block.partition].finish is not None
            self._known[block.partition] = block.intent
            self._open(block.partition)
            if finished:
                await self._read_from({block.partition: block.intent.end + 1})
                _log.info(log_events.SINK_INTENT_FINISHED, token=block.token)
        self._health.committed(batch.positions)

    def _ends(self) -> dict[Partition, int]:
        ends = {one: self._consumer.highwater(TopicPartition(*one)) for one in self._buffers}
        return {partition: end for partition, end in ends.items() if end is not None}

    def _failed(self, error: UnavailableError) -> None:
        self._failures += 1
        wait_s = self._backoff.delay_s(self._failures, random.random())  # noqa: S311 - jitter
        self._not_before = self._clock() + wait_s
        self._consumer.pause(*self._consumer.assignment())
        self._health.unavailable()
        _log.warning(log_events.SINK_INSERT_RETRY, error=str(error), failures=self._failures, wait_s=wait_s)

    def _succeeded(self) -> None:
        if self._failures:
            self._failures = 0
            self._health.available()
            self._consumer.resume(*(TopicPartition(*partition) for partition in self._buffers))

    # ── the group ──

    async def on_partitions_revoked(self, revoked: Iterable[TopicPartition]) -> None:
        """Let the round in hand end, then forget the rest: the next owner reads it again."""
        async with self._writing:
            self._start_over(())
            _log.info(log_events.SINK_REVOKED, partitions=len(list(revoked)))

    async def on_partitions_assigned(self, assigned: Iterable[TopicPartition]) -> None:
        """Read nothing from them before they are taken up."""
        partitions = list(assigned)
        self._consumer.pause(*partitions)
        self._start_over(tuple(one) for one in partitions)
        _log.info(log_events.SINK_ASSIGNED, partitions=len(partitions))

    def _start_over(self, partitions: Iterable[Partition]) -> None:
        """Forget everything, and take up `partitions` as if newly assigned."""
        self._round = None
        self._buffers.clear()
        self._known.clear()
        self._waiting = set(partitions)
        self._health.lost()

    def _assigned(self) -> list[Partition]:
        return [tuple(one) for one in self._consumer.assignment()]


class Committer:
    """Commits positions; a refusal is an answer, not an error."""

    def __init__(self, consumer: Any) -> None:
        self._consumer = consumer

    async def __call__(self, positions: Mapping[Partition, int]) -> bool:
        """Commit; False if the group has given the partitions to somebody else, or the broker fails."""
        offsets = {TopicPartition(*partition): offset for partition, offset in positions.items()}
        try:
            await asyncio.wait_for(self._consumer.commit(offsets), _COMMIT_TIMEOUT_S)
        except (KafkaError, IllegalStateError, TimeoutError):
            return False
        return True


def _raw(message: Any, epoch: int) -> RawRecord:
    return RawRecord(
        Origin(message.topic, message.partition, message.offset, epoch),
        message.key or b"",
        message.value,
        {name: value for name, value in message.headers if value is not None},
        message.timestamp,
    )
