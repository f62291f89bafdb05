"""Outgoing webhooks of one subscription: Kafka → HTTP.

Reads: the topics of the subscription; `dead.letters`, for letters of its own that were replayed.
Writes: POST requests to its receiver, `dead.letters`.
Key: records of one key go out one after the other, in the order of the partition; others side by side.
State: the positions of its consumer group, and in memory one batch at most.
Guarantee: at least once. A position is committed when every record before it was taken by the receiver or is
an acknowledged dead letter. A delivery that is repeated has the id that it had before.
On failure: three retries, then a dead letter, and the subscription goes on. Without Kafka letters wait, and
with them the subscription. A record that cannot be decoded is passed over: it is the ClickHouse sink that
keeps it as a dead letter, and its replay goes through its topic and so to here.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import structlog
from aiokafka import ConsumerRebalanceListener, TopicPartition
from aiokafka.errors import IllegalStateError, KafkaError

from schemas import log_events
from sinks.committer import Committer
from sinks.intents import Partition
from sinks.records import RawRecord, Refused
from sinks.webhooks.courier import Courier, Step, nothing
from sinks.webhooks.delivery import delivery
from sinks.webhooks.health import WebhookHealth
from sinks.webhooks.subscriptions import Subscription

_log = structlog.get_logger()
_POLL_MS = 200
_BATCH = 64
_JOINING_S = 0.05
_ANSWER_S = 5.0


class Feed(ConsumerRebalanceListener):  # type: ignore[misc]
    """Batches from `consumer` to `courier`, and their positions to the group when they are done with."""

    def __init__(
        self,
        subscription: Subscription,
        consumer: Any,
        courier: Courier,
        health: WebhookHealth,
        epoch: int,
        after: Callable[[Step], None] = nothing,
    ) -> None:
        self._subscription = subscription
        self._consumer = consumer
        self._courier = courier
        self._health = health
        self._epoch = epoch
        self._after = after
        self._commit = Committer(consumer)
        self._halt = asyncio.Event()
        self._busy = asyncio.Lock()
        self._is_new = False  # partitions were assigned whose positions the group may not know
        self._positions: dict[Partition, int] = {}

    async def run(self, stop: asyncio.Event) -> None:
        """Deliver until `stop` is set; requests on their way are waited for, the rest begins anew later."""
        halting = asyncio.create_task(self._halt_after(stop))
        try:
            while not stop.is_set():
                if self._is_new:
                    await self._take_up()
                else:
                    await self._deliver(await self._poll())
                self._tell_lag()
        finally:
            halting.cancel()

    async def _halt_after(self, stop: asyncio.Event) -> None:
        await stop.wait()
        self._halt.set()

    async def _poll(self) -> list[RawRecord]:
        found = await self._consumer.getmany(timeout_ms=_POLL_MS, max_records=_BATCH)
        return [RawRecord.of(message, self._epoch) for messages in found.values() for message in messages]

    # ── deliveries ──

    async def _deliver(self, raws: Sequence[RawRecord]) -> None:
        """Bring the records to their ends, and commit what lies behind."""
        if not raws:
            return
        async with self._busy:
            lanes: dict[tuple[str, bytes], list[RawRecord]] = defaultdict(list)
            for raw in raws:
                lanes[raw.topic, raw.key].append(raw)
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(self._lane(lane)) for lane in lanes.values()]
            undone = [raw for task in tasks for raw in task.result()]
            positions = behind(raws, undone)
            if await self._commit(positions):
                self._positions |= positions
                self._after(Step.COMMIT)

    async def _lane(self, lane: Sequence[RawRecord]) -> Sequence[RawRecord]:
        """Records of one key, in order; what is left of them when halted."""
        for number, raw in enumerate(lane):
            if self._halt.is_set() or not await self._settle(raw):
                return lane[number:]
        return ()

    async def _settle(self, raw: RawRecord) -> bool:
        made = delivery(self._subscription, raw)
        if isinstance(made, Refused):
            _log.warning(
                log_events.WEBHOOK_UNREADABLE,
                subscription=self._subscription.id,
                topic=raw.topic,
                partition=raw.partition,
                offset=raw.offset,
                reason=made.reason,
            )
            return True
        return made is None or await self._courier.settle(made, self._halt)

    # ── the group ──

    async def on_partitions_revoked(self, revoked: Iterable[TopicPartition]) -> None:
        """End the batch early, so that the next owner begins behind it."""
        self._halt.set()
        self._health.left(self._subscription.id)
        async with self._busy:
            self._positions.clear()
        _log.info(
            log_events.WEBHOOK_REVOKED, subscription=self._subscription.id, partitions=len(list(revoked))
        )

    async def on_partitions_assigned(self, assigned: Iterable[TopicPartition]) -> None:
        """Begin where the group says; where it says nothing, write down where we begin."""
        self._halt.clear()
        self._is_new = True
        _log.info(
            log_events.WEBHOOK_ASSIGNED, subscription=self._subscription.id, partitions=len(list(assigned))
        )

    async def _take_up(self) -> None:
        """Commit the positions of what was assigned: what comes from now on is not lost by a crash."""
        self._is_new = False
        try:
            async with asyncio.timeout(_ANSWER_S):
                assigned = self._consumer.assignment()
                positions = {tuple(one): await self._consumer.position(one) for one in assigned}
        except (IllegalStateError, KafkaError, TimeoutError):  # shared out anew meanwhile, or no answer
            positions = None
        if positions is None or not await self._commit(positions):
            self._is_new = True
            await asyncio.sleep(_JOINING_S)
            return
        self._positions = positions
        self._health.joined(self._subscription.id)

    def _tell_lag(self) -> None:
        ends = {one: self._consumer.highwater(TopicPartition(*one)) for one in self._positions}
        lag = sum(max(0, end - self._positions[one]) for one, end in ends.items() if end is not None)
        self._health.metrics.lag.labels(self._subscription.id).set(lag)


def behind(raws: Sequence[RawRecord], undone: Iterable[RawRecord]) -> Mapping[Partition, int]:
    """For each partition of `raws` the offset behind those that are done, up to the first that is not.

    Records of a partition are in order; a partition whose first is not done is left out.
    """
    first_undone: dict[Partition, int] = {}
    for raw in undone:
        at = (raw.topic, raw.partition)
        first_undone[at] = min(raw.offset, first_undone.get(at, raw.offset))
    reached: dict[Partition, int] = {}
    for raw in raws:
        at = (raw.topic, raw.partition)
        if raw.offset < first_undone.get(at, raw.offset + 1):
            reached[at] = raw.offset + 1
    return reached
