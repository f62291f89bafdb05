"""One round: the blocks of several partitions, written exactly once.

Steps, in this order:

1. **Intent.** Announce the ranges of all blocks as the next round, and read back what is announced. If it is
   another range, or was before, somebody else has taken a partition over: stop. If the number was taken by a
   round of other partitions, try the next.
2. **Data.** Insert each block under the token of its exact range; compare rows written with rows sent. If
   ClickHouse refuses rows, find whose they are and insert the others under that token.
3. **Dead letters.** Send what could not become rows, and wait for the broker's acknowledgement.
4. **Commit.** Commit the positions after the ranges.

Whatever fails after step 1 is repeated with the same ranges, by this process or by the next owner, and
ClickHouse drops the blocks that it has. So a crash between any two steps neither loses nor doubles a row.
"""

import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from functools import partial

import structlog
from clickhouse_connect.driver.client import Client

from schemas import log_events
from schemas.errors import ReadystreamError
from sinks.buffer import Block
from sinks.clickhouse import ClickHouse
from sinks.health import SinkHealth
from sinks.intents import Announced, Intent, Partition, announce, announced
from sinks.letters import LetterBox
from sinks.poison import insert_sound
from sinks.records import RefusedRecord

_log = structlog.get_logger()


class Step(Enum):
    """What has just been done."""

    INTENT = auto()
    DATA = auto()
    LETTERS = auto()
    COMMIT = auto()


class Outcome(Enum):
    """What became of a round."""

    WRITTEN = auto()
    TAKEN_OVER = auto()  # another process announced a range of one of the partitions: nothing was written
    NOT_COMMITTED = auto()  # written, but the group has moved on: the next owner repeats it to no effect


@dataclass(frozen=True, slots=True)
class Round:
    """Blocks of distinct partitions, and the last intent known of each."""

    blocks: tuple[Block, ...]
    known: Mapping[Partition, Intent]

    @property
    def positions(self) -> dict[Partition, int]:
        """The offset after each block."""
        return {block.partition: block.intent.end + 1 for block in self.blocks}

    @property
    def size(self) -> int:
        """Bytes of its records, as Kafka gave them."""
        return sum(block.size for block in self.blocks)


def _nothing(_: Step) -> None:
    """Nobody watches."""


class RoundWriter:
    """Carries out the steps. `commit` returns False if the group refuses; `after` is told each step done."""

    def __init__(
        self,
        store: ClickHouse,
        letters: LetterBox,
        commit: Callable[[Mapping[Partition, int]], Awaitable[bool]],
        epoch: int,
        health: SinkHealth,
        after: Callable[[Step], None] = _nothing,
    ) -> None:
        self._store = store
        self._letters = letters
        self._commit = commit
        self._epoch = epoch
        self._health = health
        self._after = after
        self._seen: Announced | None = None  # may be old: then the number after it is taken

    async def last_intents(self) -> Mapping[Partition, Intent]:
        """The last intent of each partition. Raises `UnavailableError`."""
        return (await self._read()).last

    async def write(self, batch: Round) -> Outcome:
        """Write one round. Raises `UnavailableError` if it is to be tried again just as it is."""
        before = self._seen or await self._read()
        fresh = [block for block in batch.blocks if before.last.get(block.partition) != block.intent]
        if not await self._announce(fresh, batch.known, before):
            return Outcome.TAKEN_OVER
        refused: list[RefusedRecord] = []
        for block in batch.blocks:
            refused += await self._insert(block, resent=block not in fresh)
        await self._letters.send(refused)
        self._after(Step.LETTERS)
        if not await self._commit(batch.positions):
            return Outcome.NOT_COMMITTED
        self._after(Step.COMMIT)
        return Outcome.WRITTEN

    async def _read(self) -> Announced:
        self._seen = await self._store.run(partial(announced, epoch=self._epoch))
        return self._seen

    async def _announce(
        self, fresh: Sequence[Block], known: Mapping[Partition, Intent], seen: Announced
    ) -> bool:
        """Announce the ranges of `fresh` blocks; False if somebody else announced one of their partitions."""
        intents = [block.intent for block in fresh]
        partitions = [block.partition for block in fresh]
        while any(seen.last.get(block.partition) != block.intent for block in fresh):
            if any(seen.last.get(partition) != known.get(partition) for partition in partitions):
                return False
            await self._store.run(
                partial(announce, epoch=self._epoch, number=seen.round + 1, intents=intents)
            )
            seen = await self._read()
        self._after(Step.INTENT)
        return True

    async def _insert(self, block: Block, *, resent: bool) -> Sequence[RefusedRecord]:
        """Insert the rows of `block`; its records that are to be dead letters."""
        sound = block
        if block.raws:
            started = time.perf_counter()
            sound, written = await self._store.run(partial(insert_block, block=block))
            if written < len(sound.raws) and not resent:  # of a block sent again, none may be new
                _all_written(sound, written)
            rows = len(sound.raws) if sound.table.is_one_to_one else written
            self._health.inserted(sound, rows, time.perf_counter() - started)
        for one in sound.refused[len(block.refused) :]:
            self._health.refused(one.raw.topic)
            _log.warning(
                log_events.SINK_DEAD_LETTER,
                topic=one.raw.topic,
                offset=one.raw.offset,
                correlation_id=one.raw.correlation_id,
            )
        self._after(Step.DATA)
        return sound.refused


def _all_written(block: Block, written: int) -> None:
    """Raise `ReadystreamError` unless so many rows are all that the records of `block` become."""
    if written < block.rows:
        raise ReadystreamError(f"{block.token}: {written} of {block.rows} rows were written")


def insert_block(client: Client, block: Block) -> tuple[Block, int]:
    """Insert the rows of `block` under its token; the number of rows that ClickHouse says it wrote.

    The block that went in lacks the records whose rows ClickHouse refuses, if it is these that it refuses.
    """
    written, poison = insert_sound(client, block.table.name, block.raws, block.token)
    return block.without(poison), written
