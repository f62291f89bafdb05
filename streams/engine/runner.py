"""Running one stage: a chunk's effects take place in numbered steps, and its position is committed last.

1. compute the effects (pure);
2. send the outputs and wait until the broker has them all;
3. append the rows to the changelog and wait likewise;
4. write the rows to the local tables;
5. acknowledge the chunk, whose position Faust commits at its next interval.

Outputs come strictly before the changelog: a crash between the two computes the same outputs again from
the old rows. The other way round it would find its work already in the tables and never send them.
"""

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import NoReturn

import structlog

from schemas.log_events import WORKER_CHUNK_DROPPED, WORKER_FATAL
from streams.engine.changelogs import Changelogs
from streams.engine.config import EngineConfig
from streams.engine.fetched import FetchedChunk
from streams.engine.health import Health
from streams.engine.sender import Sender
from streams.engine.store import PartitionState
from streams.engine.tenure import Tenure
from streams.engine.transport import PartitionedTable
from streams.records import Effects, Stage

_log = structlog.get_logger(__name__)


class StageRunner:
    """Runs a stage, one chunk or sweep of a partition at a time.

    While the brokers' acknowledgements for one partition are under way, another one is computed.

    Reads: the stage's topics, in chunks.
    Writes: the outputs that the stage asks for; the changelog of each of its tables.
    Key: the stage's; everything happens within one partition.
    State: the stage's tables, restored from their changelogs.
    Guarantee: a chunk's effects are safe before its position is committed, and what was fetched is done
    without a hole. After a crash a chunk may be done again, cut differently, and find any part of its
    rows written.
    On failure: an exception stops the process before the chunk is acknowledged. A chunk whose partition
    has left is dropped unacknowledged between any two steps: its next owner does it.
    """

    def __init__(
        self,
        stage: Stage,
        tables: Mapping[str, PartitionedTable],
        *,
        tenure: Tenure,
        changelogs: Changelogs,
        sender: Sender,
        config: EngineConfig,
        health: Health,
    ) -> None:
        self.stage = stage
        self.tables = tables
        self._tenure = tenure
        self._changelogs = changelogs
        self._sender = sender
        self._config = config
        self._health = health
        self._turns: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._last: dict[tuple[str, int], int] = {}

    async def handle(self, chunk: FetchedChunk, acknowledge: Callable[[], object]) -> None:
        """Do `chunk` and acknowledge it."""
        try:
            async with self._turns[chunk.partition]:
                chunk.done = await self._do(chunk)
        except Exception:
            self._die(chunk.topic, chunk.partition)
        if not chunk.done:
            _log.info(WORKER_CHUNK_DROPPED, topic=chunk.topic, partition=chunk.partition)
        acknowledge()
        self._config.after_step(5)

    async def sweep(self) -> None:
        """Let the stage sweep each partition that is ours, slice by slice, with chunks done in between."""
        for partition in sorted(self._tenure.partitions):
            try:
                while await self._sweep_slice(partition):
                    pass
            except Exception:
                self._die("", partition)

    async def rest(self) -> None:
        """Return once nothing is in progress."""
        for turn in list(self._turns.values()):
            async with turn:
                pass

    async def _do(self, fetched: FetchedChunk) -> bool:
        """Steps 1 to 4. False: the partition is no longer ours, and the rest was left undone."""
        if not await self._tenure.holds(fetched.partition, fetched.generation):
            return False
        self._check_chain(fetched)
        started = time.perf_counter()
        chunk = fetched.to_chunk()
        effects = self.stage.process(chunk, self._state(chunk.partition))
        self._config.after_step(1)
        if not await self._take_place(effects, fetched.partition, fetched.generation):
            return False
        if effects.more:
            await self._sweep_once(fetched.partition, fetched.generation)
        self._last[fetched.topic, fetched.partition] = fetched.last_offset
        self._health.processed(
            fetched.topic, fetched.partition, len(chunk.records), fetched.last_offset + 1, fetched.end
        )
        seconds = time.perf_counter() - started
        self._config.on_chunk(self.stage.name, chunk, seconds)
        return True

    def _check_chain(self, fetched: FetchedChunk) -> None:
        """Raise if the chunk before `fetched` went missing between the driver and here."""
        last = self._last.get((fetched.topic, fetched.partition))
        if fetched.follows not in (None, last):
            raise RuntimeError(f"a chunk is missing between offsets {last} and {fetched.follows}")

    async def _sweep_slice(self, partition: int) -> bool:
        """Whether the stage had something to do, and it was done."""
        async with self._turns[partition]:
            return await self._sweep_once(partition, self._tenure.generation)

    async def _sweep_once(self, partition: int, generation: int) -> bool:
        if not await self._tenure.holds(partition, generation):
            return False
        effects = self.stage.sweep(partition, self._state(partition))
        return effects is not None and await self._take_place(effects, partition, generation)

    async def _take_place(self, effects: Effects, partition: int, generation: int) -> bool:
        """Steps 2 to 4. False: the partition left on the way."""
        writes = {name: rows for name, rows in effects.writes.items() if rows}
        if not await self._tenure.holds(partition, generation):
            return False
        await self._sender.send(effects.outputs)
        self._config.after_step(2)
        if not await self._tenure.holds(partition, generation):
            return False
        ends = await self._log_changes(partition, writes)
        self._config.after_step(3)
        if not await self._tenure.holds(partition, generation):
            return False
        for name, rows in writes.items():
            self.tables[name].store.partition(partition).apply(rows.items(), ends[name])
        self._config.after_step(4)
        return True

    async def _log_changes(
        self, partition: int, writes: Mapping[str, Mapping[bytes, bytes | None]]
    ) -> dict[str, int]:
        """Append the rows to the changelogs, all tables at once. Returns the positions after them."""
        topics = {name: self.tables[name].changelog_topic_name for name in writes}
        appends = (self._changelogs.append(topics[name], partition, rows) for name, rows in writes.items())
        return dict(zip(writes, await asyncio.gather(*appends), strict=True))

    def _state(self, partition: int) -> PartitionState:
        return PartitionState({name: table.store for name, table in self.tables.items()}, partition)

    def _die(self, topic: str, partition: int) -> NoReturn:
        _log.exception(WORKER_FATAL, stage=self.stage.name, topic=topic, partition=partition)
        self._config.on_fatal(f"stage {self.stage.name} failed")
