"""Faust's transport with one event per fetched chunk, and every reach into private names.

Faust's own path costs several asyncio tasks for each record; here a record costs none. What changes in
Faust's consumer:

- `getmany` yields one message per partition and fetched chunk; its offset is that of the last record;
- an acknowledgement counts only for a chunk that is done. Faust acknowledges an event when an exception
  leaves the agent, and skips and acknowledges events of an older generation: both would commit work that
  was never done;
- the chunks of a partition are done in order, so the offset to commit is the last one plus one;
- fetching begins only when a rebalance is over, and at what is committed. Faust may resume it earlier and
  then clear what was fetched from its buffers, which leaves a hole;
- Faust is told that changelogs are empty, so that it restores nothing: `streams.engine.restore` does.

`missing_names` tells what the installed Faust or aiokafka no longer has.
"""

# ruff: noqa: SLF001 - private names are used here and nowhere else
import asyncio
from collections.abc import AsyncIterator, Collection, Coroutine, Mapping, Sequence
from typing import Any, cast

import faust
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.consumer.group_coordinator import GroupCoordinator
from aiokafka.errors import KafkaError
from faust.transport.drivers import aiokafka as driver
from faust.types import TP, ConsumerMessage, Message, StoreT
from mode.utils.futures import notify

from streams.engine.fetched import FetchedChunk
from streams.engine.store import PartitionedStore

_FETCH_WAIT_MS = 100
_CLOSED_S = 0.02
_USED: Mapping[type, tuple[str, ...]] = {
    driver.Consumer: (
        "_acked",
        "_acked_index",
        "_add_gap",
        "_committed_offset",
        "_new_consumer_thread",
        "_new_offset",
        "_thread",
        "_unacked_messages",
        "_wait_next_records",
        "_waiting_for_ack",
        "flow_active",
        "perform_seek",
    ),
    driver.AIOKafkaConsumerThread: ("_create_worker_consumer", "_ensure_consumer", "thread_loop"),
    faust.Table: ("_new_store",),
    faust.App: ("consumer_generation_id", "rebalancing_count"),
    AIOKafkaConsumer: ("_coordinator", "_fetch_max_wait_ms"),
    GroupCoordinator: ("_do_heartbeat", "generation"),
}


def missing_names(used: Mapping[type, tuple[str, ...]] = _USED) -> list[str]:
    """Names used here that the installed Faust and aiokafka lack; empty when all is well."""
    return [
        f"{owner.__module__}.{owner.__qualname__}.{name}"
        for owner, names in used.items()
        for name in names
        if not _has(owner, name)
    ]


def _has(owner: type, name: str) -> bool:
    """Whether instances of `owner` have `name`: as a class attribute, annotated, or set by a method."""
    return any(
        name in vars(cls) or name in vars(cls).get("__annotations__", {}) or _sets(cls, name)
        for cls in owner.__mro__
    )


def _sets(cls: type, name: str) -> bool:
    codes = (getattr(vars(cls).get(method), "__code__", None) for method in ("__init__", "start"))
    return any(code is not None and name in code.co_names for code in codes)


class _ConsumerThread(driver.AIOKafkaConsumerThread):
    """Faust's consumer thread, with a shorter wait in the broker.

    The driver has one fetch under way for each broker. One that asks for idle partitions only holds up
    the busy ones for as long as the broker may wait: 1.5 s as Faust has it.
    """

    def _create_worker_consumer(self, transport: driver.Transport) -> AIOKafkaConsumer:
        consumer = super()._create_worker_consumer(transport)
        consumer._fetch_max_wait_ms = _FETCH_WAIT_MS
        return consumer


class ChunkConsumer(driver.Consumer):
    """Faust's consumer, delivering chunks."""

    _open_for: int | None = None
    _rewound_for: int | None = None

    def __post_init__(self) -> None:
        self._yielded: dict[TP, int] = {}

    def _new_consumer_thread(self) -> _ConsumerThread:
        return _ConsumerThread(self, loop=self.loop, beacon=self.beacon)

    def open_for(self, rebalance: int) -> None:
        """Fetch from now on, until a later rebalance than the `rebalance`-th begins."""
        self._open_for = rebalance

    async def getmany(self, timeout: float) -> AsyncIterator[tuple[TP, Message]]:  # noqa: ASYNC109 - its name
        """Yield a message for each chunk that was fetched within `timeout` seconds.

        What was fetched and not yielded is lost to the driver, and what was yielded may still be cleared
        from a stream's buffer. Both happen only in a rebalance: after one, the first thing here is to go
        back to what is committed, before anything is fetched.
        """
        rebalance = self._open_for
        if rebalance is None or not await self._ready_to_fetch(rebalance):
            await self.sleep(_CLOSED_S)
            return
        generation = self.app.consumer_generation_id
        records, active = await self._wait_next_records(timeout)
        for tp, fetched in (records or {}).items():
            if active is not None and tp not in active:
                continue
            for part in _parts(fetched, cast("ChunkTransport", self.transport).chunk_max):
                if self.app.rebalancing_count != rebalance or not self.flow_active or self.should_stop:
                    return
                yield tp, self._message(tp, part, generation)

    async def _ready_to_fetch(self, rebalance: int) -> bool:
        """Whether the `rebalance`-th rebalance is the last one and positions are right after it."""
        if self.app.rebalancing_count == rebalance != self._rewound_for:
            try:
                await self._rewind()
            except (AssertionError, KafkaError) as error:  # another rebalance took the assignment away
                self.log.info("positions are not known yet: %r", error)
                return False
            self._rewound_for = rebalance
            self._yielded.clear()
        return bool(self.app.rebalancing_count == rebalance)

    async def _rewind(self) -> None:
        """Go back to what is committed, or to the beginning where nothing is."""
        assigned = self.assignment()
        if not assigned:
            return
        await self.perform_seek()
        sources = (tp for tp in assigned if self.app.topics.acks_enabled_for(tp.topic))
        untouched = [TopicPartition(*tp) for tp in sources if not self._committed_offset[tp]]
        if untouched:
            await self._thread.seek_to_beginning(*untouched)

    def _message(self, tp: TP, fetched: Sequence[Any], generation: int) -> ConsumerMessage:
        chunk = FetchedChunk(
            tp.topic, tp.partition, fetched, generation, self._yielded.get(tp), self._end(tp)
        )
        self._yielded[tp] = chunk.last_offset
        return ConsumerMessage(
            tp.topic,
            tp.partition,
            chunk.last_offset,
            (fetched[-1].timestamp or 0) / 1000.0,
            fetched[-1].timestamp_type,
            None,
            None,
            cast("Any", chunk),
            None,
            0,
            0,
            TP(*tp),
            generation_id=generation,
        )

    def _end(self, tp: TP) -> int | None:
        """The end of the partition, as the last fetch told it."""
        try:
            return self.highwater(tp)
        except AssertionError:  # it has just been taken away
            return None

    def ack(self, message: Message) -> bool:
        """Count a chunk that is done; let go of one that is not, without committing it."""
        chunk = cast("Any", message.value)
        if chunk.done:
            return super().ack(message)
        message.acked = True
        self._unacked_messages.discard(message)
        notify(self._waiting_for_ack)
        return False

    def _new_offset(self, tp: TP) -> int | None:
        acked = self._acked[tp]
        if not acked:
            return None
        last = max(acked)
        acked.clear()
        self._acked_index[tp].clear()
        return last + 1

    async def _add_gap(self, tp: TP, offset_from: int, offset_to: int) -> None:
        """Nothing: offsets between two chunks need no book-keeping."""

    async def highwaters(self, *partitions: TP) -> Mapping[TP, int]:
        """Zero: Faust asks for changelogs only, and is to restore nothing."""
        return dict.fromkeys(partitions, 0)

    def verify_event_path(self, now: float, tp: TP) -> None:
        """Nothing: `streams.engine.watchdog` judges by progress."""

    def on_buffer_full(self, tp: TP) -> None:
        """Nothing: a full stream buffer makes the fetcher wait, which bounds memory."""

    def on_buffer_drop(self, tp: TP) -> None:
        """Nothing: see `on_buffer_full`."""

    def current_generation(self) -> int:
        """The group's generation as the coordinator's last answer has it; -1 when it no longer knows us."""
        return int(self._thread._ensure_consumer()._coordinator.generation)

    async def heartbeat(self) -> bool:
        """Ask the coordinator now whether this worker is a member. False: it is not, or gave no answer."""
        coordinator = self._thread._ensure_consumer()._coordinator
        return bool(await self._in_thread(coordinator._do_heartbeat()))

    async def leave_unread(self, topics: Collection[str]) -> None:
        """Fetch nothing of these topics in this generation."""

        async def pause() -> None:
            consumer = self._thread._ensure_consumer()
            consumer.pause(*(tp for tp in consumer.assignment() if tp.topic in topics))

        await self._in_thread(pause())

    async def _in_thread(self, work: Coroutine[Any, Any, Any]) -> Any:
        """Run `work` in the loop that the driver's consumer belongs to."""
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, self._thread.thread_loop))


class ChunkTransport(driver.Transport):
    """Faust's Kafka transport with `ChunkConsumer`."""

    Consumer = ChunkConsumer

    def __init__(self, app: faust.App, chunk_max: int) -> None:
        super().__init__(app.conf.broker_consumer, app)
        self.chunk_max = chunk_max


class PartitionedTable(faust.Table[bytes, bytes]):
    """A Faust table whose store is a `PartitionedStore`."""

    def _new_store(self) -> StoreT[bytes, bytes]:
        return PartitionedStore("partitioned://", self.app, self, loop=self.loop)

    @property
    def store(self) -> PartitionedStore:
        """The rows."""
        return cast("PartitionedStore", self.data)


def _parts(fetched: Sequence[Any], size: int) -> list[Sequence[Any]]:
    return [fetched[start : start + size] for start in range(0, len(fetched), size)]
