"""The sink: Kafka → ClickHouse.

Reads: the topics of `sinks.tables.BY_TOPIC`.
Writes: the table of each topic, `ingest_intent`, `dead.letters`.
Key: topic and partition; a block never mixes two.
State: none but buffers in memory. What was written is known to ClickHouse (intents) and to Kafka (positions).
Guarantee: each record's rows are inserted exactly once, materialized views included, whatever crashes and
however often: see `sinks.rounds`. Order within a partition is kept.
On failure: a record that cannot become rows, or whose rows ClickHouse refuses, is a dead letter and the
stream goes on, but a thousand in a row stop the sink. While ClickHouse or Kafka does not answer, the same
round is tried again with growing waits; consumption goes on until the buffers are full, and then pauses. Any
other fault stops the sink before the commit.
"""

import asyncio
import random
import time
from collections.abc import Callable, Iterable
from typing import Any

import structlog
from aiokafka import ConsumerRebalanceListener, TopicPartition

from schemas import log_events
from schemas.errors import UnavailableError
from sinks.health import SinkHealth
from sinks.intake import Intake, Start
from sinks.intents import Intent, Partition
from sinks.policy import Backoff
from sinks.rounds import Outcome, Round, RoundWriter

_log = structlog.get_logger()
_TICK_S = 0.02
_LONGEST_CALM_S = 2.0
_BACKOFF = Backoff()


class Sink(ConsumerRebalanceListener):  # type: ignore[misc]
    """Consumes into buffers and, at the same time, writes rounds of those that are due.

    A partition that is assigned is first taken up: its last intent is looked up, and a range that may not
    have been finished is read again and inserted under its own token before anything else.
    """

    def __init__(
        self,
        consumer: Any,
        intake: Intake,
        writer: RoundWriter,
        health: SinkHealth,
        backoff: Backoff = _BACKOFF,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._consumer = consumer
        self._intake = intake
        self._writer = writer
        self._health = health
        self._backoff = backoff
        self._clock = clock
        self._writing = asyncio.Lock()
        self._waiting: set[Partition] = set()  # assigned, not taken up yet
        self._known: dict[Partition, Intent] = {}
        self._round: Round | None = None  # in hand; one that failed is repeated as it is
        self._calm_s = 0.0  # how long the last round took: so long the next one waits, if it can
        self._failures = 0
        self._not_before = 0.0

    async def run(self, stop: asyncio.Event) -> None:
        """Consume until `stop` is set; then write what waits and commit."""
        writing = asyncio.create_task(self._write_until(stop))
        try:
            while not (stop.is_set() or writing.done()):
                await self._intake.poll(held=self._round.size if self._round else 0)
            await writing
        finally:
            writing.cancel()

    async def _write_until(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            if self._clock() < self._not_before or not await self._work(everything=False):
                await asyncio.sleep(_TICK_S)
        if not self._failures:
            await self._work(everything=True)

    async def _work(self, *, everything: bool) -> bool:
        """Take up what was assigned and write what is due; whether there was a round to write."""
        async with self._writing:
            try:
                await self._take_up()
                written = await self._write(everything=everything)
            except UnavailableError as error:
                self._failed(error)
                return False
            self._succeeded()
            return written

    # ── taking up ──

    async def _take_up(self) -> None:
        """Find where each newly assigned partition goes on, and start reading there."""
        if not self._waiting:
            return
        intents = await self._writer.last_intents()
        starts = [await self._start(partition, intents.get(partition)) for partition in sorted(self._waiting)]
        self._known = {one: intents[one] for one in self._waiting if one in intents}
        self._waiting.clear()
        await self._intake.open(starts)
        self._health.owned({start.partition: start.offset or 0 for start in starts})

    async def _start(self, partition: Partition, intent: Intent | None) -> Start:
        """At an intent that may be unfinished, else at the commit, else at the beginning."""
        committed: int | None = await self._consumer.committed(TopicPartition(*partition))
        if intent is not None and intent.end >= (committed or 0):
            return Start(partition, intent.start, finish=intent)
        return Start(partition, committed)

    # ── writing ──

    async def _write(self, *, everything: bool) -> bool:
        batch = self._round = self._round or self._next_round(everything=everything)
        if batch is None:
            return False
        started = self._clock()
        match await self._writer.write(batch):
            case Outcome.WRITTEN:
                self._round = None
                self._calm_s = min(self._clock() - started, _LONGEST_CALM_S)
                self._known |= {block.partition: block.intent for block in batch.blocks}
                await self._intake.finished(batch.blocks)
                self._health.committed(batch.positions)
            case Outcome.TAKEN_OVER | Outcome.NOT_COMMITTED as outcome:
                _log.warning(log_events.SINK_REVOKED, reason=outcome.name.lower())
                self._start_over(tuple(one) for one in self._consumer.assignment())
        return True

    def _next_round(self, *, everything: bool) -> Round | None:
        blocks = self._intake.take(everything=everything, calm_s=self._calm_s)
        return Round(blocks, dict(self._known)) if blocks else None

    def _failed(self, error: UnavailableError) -> None:
        self._failures += 1
        wait_s = self._backoff.delay_s(self._failures, random.random())  # noqa: S311 - jitter
        self._not_before = self._clock() + wait_s
        self._health.unavailable()
        _log.warning(log_events.SINK_INSERT_RETRY, error=str(error), failures=self._failures, wait_s=wait_s)

    def _succeeded(self) -> None:
        if self._failures:
            self._failures = 0
            self._health.available()

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
        self._intake.clear()
        self._known.clear()
        self._waiting = set(partitions)
        self._health.lost()
