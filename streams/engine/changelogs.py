"""The changelogs of a worker's tables: read to their end, claimed, appended to, and mended.

Local rows say where the next append must land. One that lands elsewhere was preceded by somebody else's
record, and nothing after it is certain: the worker stops, and whoever restores the partition mends it.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Any

import structlog
from aiokafka import TopicPartition

from schemas.log_events import WORKER_MENDED
from schemas.topics import MAX_MESSAGE_BYTES
from streams.engine.config import EngineConfig
from streams.engine.health import Health
from streams.engine.restore import read_to_end
from streams.engine.rows import PartitionRows
from streams.engine.sender import Sender
from streams.engine.transport import PartitionedTable

# For so long compaction leaves a true row alone that a row of a former owner hides. Within it the owner has
# written here, looked (`find_intruders`) or been succeeded, and the row is mended.
_COMPACTION_LAG_MS = 3_600_000
CHANGELOG_CONFIG = {"min.compaction.lag.ms": _COMPACTION_LAG_MS, "max.message.bytes": MAX_MESSAGE_BYTES}

_log = structlog.get_logger(__name__)


class Changelogs:
    """The changelogs by topic, of those partitions that are ours.

    Reads: the changelogs, from where the local rows are.
    Writes: claims, the rows of each step, and again the rows that somebody else's record hides.
    Key: that of the row; a row's partition is that of the record that caused it.
    State: the rows and the fence of each partition.
    Guarantee: rows whose append was acknowledged where it had to land count for every later reader.
    On failure: an append that lands elsewhere raises; whoever reads the partition next finds the rows of
    the last owner and writes again what others hid.
    """

    def __init__(
        self, tables: Iterable[PartitionedTable], config: EngineConfig, sender: Sender, health: Health
    ) -> None:
        self._tables = {table.changelog_topic_name: table for table in tables}
        self._bootstrap = config.bootstrap_servers
        self._sender = sender
        self._health = health
        self._seen: dict[TopicPartition, int] = {}

    @property
    def topics(self) -> frozenset[str]:
        """Their names."""
        return frozenset(self._tables)

    async def take(self, partitions: set[int], is_member: Callable[[], Awaitable[bool]]) -> bool:
        """Bring the rows of `partitions` up to date and own them. False: others are to have them.

        Rows that are here already are read on from where they are, and what is ours stays ours.
        """
        for table in self._tables.values():
            table.store.keep_only(partitions)
        ours = self._rows(partitions)
        await self._read(ours)
        while unclaimed := {place: rows for place, rows in ours.items() if not rows.fence.is_ours}:
            claims = [(place, rows.fence.new_claim(_now_ms())) for place, rows in unclaimed.items()]
            if not await is_member():  # asked after the claims were made: one that is late is outdated
                return False
            await asyncio.gather(*(self._claim(place, *claim) for place, claim in claims))
            await self._read(unclaimed)
        for place, rows in ours.items():
            if rows.fence.intruded:
                await self._mend(place, rows)
        return True

    async def append(self, topic: str, partition: int, changes: Mapping[bytes, bytes | None]) -> int:
        """Append `changes`. Returns the position after them; `RuntimeError` if somebody else wrote here."""
        rows = self._tables[topic].store.partition(partition)
        end = await self._sender.append(topic, partition, changes, rows.fence.next_stamp())
        if end - len(changes) != rows.next_offset:
            raise RuntimeError(f"somebody else wrote to {topic}, partition {partition}")
        return end

    async def find_intruders(self, partitions: set[int]) -> set[int]:
        """Those of `partitions` where somebody else wrote since we did.

        Asks about changelogs that had no append of ours since the last time: appends find out themselves.
        """
        ours = self._rows(partitions)
        before, self._seen = self._seen, {place: rows.next_offset for place, rows in ours.items()}
        idle = {place: offset for place, offset in self._seen.items() if before.get(place) == offset}
        found: set[int] = set()

        def judge(place: TopicPartition, records: Sequence[Any]) -> None:
            if not all(map(ours[place].fence.is_from_us, records)):
                found.add(place.partition)

        await read_to_end(self._bootstrap, idle, judge)
        return found

    def _rows(self, partitions: set[int]) -> dict[TopicPartition, PartitionRows]:
        return {
            TopicPartition(topic, partition): table.store.partition(partition)
            for topic, table in self._tables.items()
            for partition in partitions
        }

    async def _read(self, ours: Mapping[TopicPartition, PartitionRows]) -> None:
        def apply(place: TopicPartition, records: Sequence[Any]) -> None:
            rows = ours[place]
            rows.apply(rows.fence.admit(records), records[-1].offset + 1)
            self._health.restored(len(records))

        await read_to_end(self._bootstrap, {place: rows.next_offset for place, rows in ours.items()}, apply)

    async def _claim(self, place: TopicPartition, claim: bytes, stamp: bytes) -> None:
        await self._sender.append(place.topic, place.partition, {claim: None}, stamp)

    async def _mend(self, place: TopicPartition, rows: PartitionRows) -> None:
        """Write the true rows after those that hide them."""
        hidden = {key: rows.get(key) for key in rows.fence.intruded}
        _log.warning(WORKER_MENDED, topic=place.topic, partition=place.partition, rows=len(hidden))
        end = await self.append(place.topic, place.partition, hidden)
        rows.apply(hidden.items(), end)
        rows.fence.intruded.clear()


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
