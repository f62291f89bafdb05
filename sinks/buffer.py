"""Rows of one partition that wait to be inserted, and the block that they become."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from schemas.errors import ReadystreamError
from schemas.topics import by_name
from sinks.convert import RefusedRecord, convert
from sinks.intents import Intent, Partition
from sinks.policy import FlushPolicy
from sinks.records import RawRecord
from sinks.table import Columns, Table
from sinks.tables import BY_TOPIC


@dataclass(frozen=True, slots=True)
class Block:
    """The rows of one range of one partition, inserted as one; there may be none.

    `raws` are all records of the range, `size` their bytes.
    """

    intent: Intent
    table: Table
    columns: Columns
    refused: Sequence[RefusedRecord]
    raws: Sequence[RawRecord]
    size: int

    @property
    def rows(self) -> int:
        """How many rows."""
        return len(self.columns[0])

    @property
    def partition(self) -> Partition:
        """Topic and partition number."""
        return self.intent.topic, self.intent.partition

    @property
    def token(self) -> str:
        """Deduplication token of the insert."""
        return self.intent.token(self.table.name)


@dataclass(slots=True)
class Buffer:
    """Collects one partition. With `finish`, it collects exactly the range of a predecessor's intent."""

    partition: Partition
    epoch: int
    finish: Intent | None = None
    size: int = 0
    _columns: Columns = field(init=False)
    _refused: list[RefusedRecord] = field(default_factory=list)
    _raws: list[RawRecord] = field(default_factory=list)
    _since: float = 0.0
    _complete: bool = False

    def __post_init__(self) -> None:
        self._columns = [[] for _ in self.table.columns]

    @property
    def table(self) -> Table:
        """Where the rows go."""
        return BY_TOPIC[self.partition[0]]

    def add(self, raws: Sequence[RawRecord], now: float) -> list[RefusedRecord]:
        """Take records, in offset order. Returns those that had to be refused.

        Records after the range to finish are left for later: the partition is read again from its end.
        Raises `ReadystreamError` for a record before it, which only a topic made anew can have, and for one
        that is not after the last, which would be counted twice.
        """
        if self.finish is not None:
            raws = self._within(self.finish, raws)
        if not raws:
            return []
        if not self._raws:
            self._since = now
        elif raws[0].offset <= self._raws[-1].offset:
            topic, number = self.partition
            raise ReadystreamError(f"{topic}/{number}: {raws[0].offset} came after {self._raws[-1].offset}")
        self._raws.extend(raws)
        self.size += sum(len(raw.value or b"") for raw in raws)
        converted = convert(by_name(self.partition[0]), self.table, raws)
        for column, more in zip(self._columns, converted.columns, strict=True):
            column.extend(more)
        self._refused.extend(converted.refused)
        return converted.refused

    def _within(self, finish: Intent, raws: Sequence[RawRecord]) -> Sequence[RawRecord]:
        if raws and raws[0].offset < finish.start:
            raise ReadystreamError(
                f"{finish.topic}/{finish.partition} begins anew: ClickHouse has it up to offset {finish.end} "
                f"in epoch {finish.epoch}, Kafka gives {raws[0].offset}. Raise READYSTREAM_TOPIC_EPOCH."
            )
        self._complete = self._complete or any(raw.offset >= finish.end for raw in raws)
        return [raw for raw in raws if raw.offset <= finish.end]

    def due(self, policy: FlushPolicy, now: float) -> bool:
        """Whether to insert now: what `policy` says, or that the range to finish is complete."""
        if self.finish is not None:
            return self._complete
        return policy.due(records=len(self._raws), size=self.size, age_s=self._age_s(now))

    def worth_taking(self, policy: FlushPolicy, now: float) -> bool:
        """Whether to insert now if others of its kind are inserted anyway."""
        return self.due(policy, now) or (bool(self._raws) and self._age_s(now) >= policy.max_age_s / 2)

    def _age_s(self, now: float) -> float:
        """How long the oldest record waits, seconds; upserts may wait longer, and seem younger."""
        return (now - self._since) / self.table.patience

    def block(self) -> Block | None:
        """What waits, as one block; None where nothing does or a range to finish is incomplete."""
        if self.finish is not None:
            return self._as_block(self.finish) if self._complete else None
        if not self._raws:
            return None
        topic, number = self.partition
        return self._as_block(Intent(topic, number, self.epoch, self._raws[0].offset, self._raws[-1].offset))

    def _as_block(self, intent: Intent) -> Block:
        return Block(intent, self.table, self._columns, self._refused, self._raws, self.size)
