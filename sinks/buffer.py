"""Records of one partition that wait to be inserted, and the block that they become."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from schemas.errors import ReadystreamError
from sinks.container import Pack
from sinks.intents import Intent, Partition
from sinks.policy import FlushPolicy
from sinks.records import RawRecord, RefusedRecord
from sinks.sift import sift
from sinks.table import Table
from sinks.tables import BY_TOPIC


@dataclass(frozen=True, slots=True)
class Block:
    """The records of one range of one partition, whose rows are inserted as one; there may be none.

    `size` are the bytes of all records of the range, of those too that were `refused`.
    """

    intent: Intent
    raws: Pack
    refused: Sequence[RefusedRecord]
    size: int

    @property
    def table(self) -> Table:
        """Where the rows go."""
        return self.raws.table

    @property
    def rows(self) -> int:
        """How many rows. Raises `CodecError` if a record is damaged."""
        return sum(map(self.table.rows_of, self.raws))

    def without(self, refused: Sequence[RefusedRecord]) -> "Block":
        """The block without records that turned out to be dead letters."""
        rest = self.raws.without({one.raw.offset for one in refused}) if refused else self.raws
        return replace(self, raws=rest, refused=[*self.refused, *refused])

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
    _raws: Pack = field(init=False)
    _refused: list[RefusedRecord] = field(default_factory=list)
    _range: tuple[int, int] | None = None
    _since: float = 0.0
    _complete: bool = False

    def __post_init__(self) -> None:
        self._raws = Pack(self.table)

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
        self._extend(raws[0].offset, raws[-1].offset, now)
        self.size += sum(len(raw.value or b"") for raw in raws)
        sound, refused = sift(self.table, raws)
        self._raws.extend(sound)
        self._refused += refused
        return refused

    def _extend(self, first: int, last: int, now: float) -> None:
        if self._range is None:
            self._since, self._range = now, (first, last)
            return
        start, end = self._range
        if first <= end:
            topic, number = self.partition
            raise ReadystreamError(f"{topic}/{number}: {first} came after {end}")
        self._range = start, last

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
        return policy.due(records=self._records, size=self.size, age_s=self._age_s(now))

    def worth_taking(self, policy: FlushPolicy, now: float) -> bool:
        """Whether to insert now if others of its kind are inserted anyway."""
        return self.due(policy, now) or (bool(self._records) and self._age_s(now) >= policy.max_age_s / 2)

    @property
    def _records(self) -> int:
        return len(self._raws) + len(self._refused)

    def _age_s(self, now: float) -> float:
        """How long the oldest record waits, seconds; upserts may wait longer, and seem younger."""
        return (now - self._since) / self.table.patience

    def block(self) -> Block | None:
        """What waits, as one block; None where nothing does or a range to finish is incomplete."""
        if self.finish is not None:
            return self._as_block(self.finish) if self._complete else None
        if self._range is None:
            return None
        return self._as_block(Intent(*self.partition, self.epoch, *self._range))

    def _as_block(self, intent: Intent) -> Block:
        return Block(intent, self._raws, self._refused, self.size)
