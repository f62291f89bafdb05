"""The two stages without Kafka: topics are lists, tables are dicts, crashes are decided by the test.

What the engine promises is imitated step by step: outputs first, then table rows, then the position; a
crash after any step loses what comes later and the chunk is cut anew.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from schemas import codec
from schemas.headers import Headers, headers
from schemas.partitions import partition_for
from schemas.topics import Topic, by_name
from streams.records import Chunk, Effects, Record, Stage

CrashAfter = Callable[[], int | None]
ChunkSize = Callable[[], int]


def never() -> None:
    """No crash."""


@dataclass
class Table:
    """One partition's tables of one stage."""

    rows: dict[str, dict[bytes, bytes]] = field(default_factory=dict)

    def get(self, table: str, key: bytes) -> bytes | None:
        return self.rows.get(table, {}).get(key)

    def scan(self, table: str, owner: bytes) -> Iterator[tuple[bytes, bytes]]:
        prefix = owner + b"|"
        return iter(sorted((k, v) for k, v in self.rows.get(table, {}).items() if k.startswith(prefix)))

    def owners(self, table: str, after: bytes, limit: int) -> list[bytes]:
        owners = {key.partition(b"|")[0] for key in self.rows.get(table, {})}
        return sorted(owner for owner in owners if owner > after)[:limit]

    def walk(self, table: str, after: bytes, limit: int) -> list[tuple[bytes, bytes]]:
        return sorted(row for row in self.rows.get(table, {}).items() if row[0] > after)[:limit]

    def write(self, table: str, rows: Mapping[bytes, bytes | None]) -> None:
        mine = self.rows.setdefault(table, {})
        for key, value in rows.items():
            if value is None:
                mine.pop(key, None)
            else:
                mine[key] = value


@dataclass
class Pipeline:
    """Stages over `partitions` partitions."""

    stages: tuple[Stage, ...]
    partitions: int
    log: dict[tuple[str, int], list[Record]] = field(default_factory=dict)
    tables: dict[tuple[str, int], Table] = field(default_factory=dict)
    positions: dict[tuple[str, int], int] = field(default_factory=dict)

    def produce(
        self,
        topic: Topic,
        key: str,
        value: Mapping[str, Any],
        partition: int | None = None,
        traceparent: bytes = b"",
    ) -> None:
        """Append one record."""
        place = partition_for(key, self.partitions) if partition is None else partition
        told = headers(topic, "test", traceparent=traceparent)
        self._append(topic.name, place, key.encode(), codec.encode(topic, value), told)

    def _append(
        self,
        topic: str,
        partition: int,
        key: bytes,
        value: bytes | None,
        told: Headers,
    ) -> None:
        records = self.log.setdefault((topic, partition), [])
        records.append(Record(len(records), key, value, told))

    def settle(self, chunk_size: ChunkSize = lambda: 10_000, crash_after: CrashAfter = never) -> None:
        """Run all stages until nothing is left to do."""
        moved = True
        while moved:
            rounds = [self._advance(stage, chunk_size, crash_after) for stage in self.stages]
            moved = any(rounds)

    def sweep(self) -> int:
        """Let time pass in every partition; returns how many slices had something to do."""
        slices = 0
        for stage in self.stages:
            for partition in range(self.partitions):
                while (effects := stage.sweep(partition, self._table(stage, partition))) is not None:
                    self._apply(stage, partition, effects, None)
                    slices += 1
        return slices

    def _advance(self, stage: Stage, chunk_size: ChunkSize, crash_after: CrashAfter) -> bool:
        moved = False
        for topic in stage.topics:
            for partition in range(self.partitions):
                start = self.positions.get((topic, partition), 0)
                records = self.log.get((topic, partition), [])[start : start + chunk_size()]
                if not records:
                    continue
                moved = True
                effects = stage.process(Chunk(topic, partition, records), self._table(stage, partition))
                if self._do(stage, partition, effects, crash_after):
                    self.positions[topic, partition] = start + len(records)
        return moved

    def _do(self, stage: Stage, partition: int, effects: Effects, crash_after: CrashAfter) -> bool:
        """Whether the effects of a chunk took place, and those that had to wait for them."""
        if not self._apply(stage, partition, effects, crash_after()):
            return False
        later = stage.sweep(partition, self._table(stage, partition)) if effects.more else None
        return later is None or self._apply(stage, partition, later, crash_after())

    def _apply(self, stage: Stage, partition: int, effects: Effects, crash_after: int | None) -> bool:
        """Outputs, then one table after the other. `crash_after` n leaves off after the n-th of these."""
        for output in effects.outputs:
            self._append(output.topic, output.partition, output.key, output.value, output.headers)
        for step, (name, rows) in enumerate(sorted(effects.writes.items())):
            if crash_after is not None and step >= crash_after:
                return False
            self._table(stage, partition).write(name, rows)
        return crash_after is None

    def _table(self, stage: Stage, partition: int) -> Table:
        return self.tables.setdefault((stage.name, partition), Table())

    def records(self, topic: Topic) -> list[Record]:
        """All records of a topic, partition after partition."""
        return [
            record for number in range(self.partitions) for record in self.log.get((topic.name, number), [])
        ]

    def latest(self, topic: Topic) -> dict[str, dict[str, Any]]:
        """What compaction would leave, decoded: key → value, without what a tombstone withdrew."""
        found: dict[str, dict[str, Any]] = {}
        versions: dict[str, int] = {}
        for record in self.records(topic):
            key = (record.key or b"").decode()
            version = int(dict(record.headers)["version"])
            if version < versions.get(key, 0):
                continue
            versions[key] = version
            if record.value is None:
                found.pop(key, None)
            else:
                found[key] = codec.decode(by_name(topic.name), record.value)
        return found
