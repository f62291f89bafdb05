"""Rows of one partition that wait to be inserted, and the block that they become."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from schemas.errors import ReadystreamError
from schemas.topics import Topic, by_name
from sinks.intents import Intent, Partition
from sinks.policy import FlushPolicy
from sinks.records import RawRecord, Refused, decode
from sinks.table import Row, Table
from sinks.tables import BY_TOPIC


@dataclass(frozen=True, slots=True)
class RefusedRecord:
    """A record that is to be a dead letter."""

    raw: RawRecord
    why: Refused


@dataclass(frozen=True, slots=True)
class Block:
    """The rows of one range of one partition, inserted as one; there may be none."""

    intent: Intent
    table: Table
    rows: Sequence[Row]
    refused: Sequence[RefusedRecord]

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
    _rows: list[Row] = field(default_factory=list)
    _refused: list[RefusedRecord] = field(default_factory=list)
    _first: int | None = None
    _last: int = -1
    _records: int = 0
    _size: int = 0
    _since: float = 0.0
    _complete: bool = False

    def add(self, raw: RawRecord, now: float) -> bool:
        """Take one record, in offset order. Returns False if it had to be refused.

        Records after the range to finish are left for later: the partition is read again from its end.
        Raises `ReadystreamError` for a record before it, which only a topic made anew can have.
        """
        if self.finish is not None and not self._within(self.finish, raw.origin.offset):
            return True
        if self._first is None:
            self._first, self._since = raw.origin.offset, now
        self._last = raw.origin.offset
        self._records += 1
        self._size += len(raw.value or b"")
        return self._convert(raw)

    def _within(self, finish: Intent, offset: int) -> bool:
        if offset < finish.start:
            raise ReadystreamError(
                f"{finish.topic}/{finish.partition} begins anew: ClickHouse has it up to offset {finish.end} "
                f"in epoch {finish.epoch}, Kafka gives {offset}. Raise READYSTREAM_TOPIC_EPOCH."
            )
        self._complete = offset >= finish.end
        return offset <= finish.end

    def _convert(self, raw: RawRecord) -> bool:
        topic = self._topic
        record = decode(topic, raw)
        rows = record if isinstance(record, Refused) else self._table.rows(record)
        if isinstance(rows, Refused):
            self._refused.append(RefusedRecord(raw, rows))
            return False
        self._rows.extend(rows)
        return True

    def due(self, policy: FlushPolicy, now: float) -> bool:
        """Whether to insert now: what `policy` says, or that the range to finish is complete."""
        if self.finish is not None:
            return self._complete
        return policy.due(records=self._records, size=self._size, age_s=now - self._since)

    def block(self) -> Block | None:
        """What waits, as one block; None where nothing does or a range to finish is incomplete."""
        if self.finish is not None:
            return self._as_block(self.finish) if self._complete else None
        if self._first is None:
            return None
        topic, number = self.partition
        return self._as_block(Intent(topic, number, self.epoch, self._first, self._last))

    def _as_block(self, intent: Intent) -> Block:
        return Block(intent, self._table, self._rows, self._refused)

    @property
    def _topic(self) -> Topic:
        return by_name(self.partition[0])

    @property
    def _table(self) -> Table:
        return BY_TOPIC[self.partition[0]]
