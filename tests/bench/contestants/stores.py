"""Where a table's rows could lie: in memory, as ours do, or in RocksDB on disk, as Faust's do by default.

Runs in the environment of the rivals, which has RocksDB. What is measured is what a stage does: read a row,
write it in a batch, read all rows of an owner; and what a restart does: have all rows again.
"""

import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any, Protocol

from rocksdict import AccessType, Options, Rdict, WriteBatch

from streams.engine.rows import PartitionRows
from tests.bench.contestants.meter import RESULT, resident_mb

_BATCH, _ROWS_EACH, _VALUE_BYTES = 5000, 4, 300
Row = tuple[bytes, bytes]


class Store(Protocol):
    """What a stage and the engine ask of a store."""

    def write(self, rows: Sequence[Row]) -> None:
        """Write a batch."""

    def get(self, key: bytes) -> bytes | None:
        """The row under `key`."""

    def scan(self, owner: bytes) -> Iterator[tuple[bytes, bytes]]:
        """The rows of an owner."""


class Memory:
    """Ours."""

    def __init__(self) -> None:
        self._rows = PartitionRows()
        self.get, self.scan = self._rows.get, self._rows.scan

    def write(self, rows: Sequence[Row]) -> None:
        """Write a batch."""
        self._rows.apply(rows, 0)


class Rocks:
    """RocksDB, with raw bytes as keys and values."""

    def __init__(self, home: Path) -> None:
        self._db = Rdict(str(home), Options(raw_mode=True), access_type=AccessType.read_write())

    def write(self, rows: Sequence[Row]) -> None:
        """Write a batch."""
        batch = WriteBatch(raw_mode=True)
        for key, value in rows:
            batch.put(key, value)
        self._db.write(batch)

    def get(self, key: bytes) -> bytes | None:
        """The row under `key`."""
        found: bytes | None = self._db.get(key)
        return found

    def scan(self, owner: bytes) -> Iterator[tuple[bytes, bytes]]:
        """The rows of an owner."""
        prefix = owner + b"|"
        for key, value in self._db.items(from_key=prefix):
            if not key.startswith(prefix):
                return
            yield key, value

    def close(self) -> None:
        """Close it, as a worker that stops would."""
        self._db.close()


def main(home: Path, learners: int) -> None:
    """Measure both, RocksDB's restart included; memory has none, its rows come from the changelog."""
    told: list[Mapping[str, Any]] = [{"store": "memory", **_measured(Memory(), learners)}]
    rocks = Rocks(home)
    told.append({"store": "RocksDB", **_measured(rocks, learners)})
    rocks.close()
    started = time.perf_counter()
    Rocks(home).get(_key(0, 0))
    told[-1] = {**told[-1], "reopen_s": time.perf_counter() - started}
    os.write(1, f"{RESULT}{json.dumps(told)}\n".encode())


def _measured(store: Store, learners: int) -> dict[str, float]:
    before = resident_mb()
    written = _timed(lambda: _fill(store, learners))
    chance = Random(1)
    some = [chance.randrange(learners) for _ in range(50_000)]
    got = _timed(lambda: [store.get(_key(learner, 1)) for learner in some])
    scanned = _timed(lambda: [list(store.scan(b"learner%09d" % learner)) for learner in some])
    return {
        "rows": learners * _ROWS_EACH,
        "write_us": 1e6 * written / (learners * _ROWS_EACH),
        "get_us": 1e6 * got / len(some),
        "scan_us": 1e6 * scanned / len(some),
        "resident_mb": resident_mb() - before,
    }


def _timed(work: Callable[[], object]) -> float:
    """Processor time, seconds, that of the threads of RocksDB included."""
    started = time.process_time()
    work()
    return time.process_time() - started


def _fill(store: Store, learners: int) -> None:
    rows = (
        (_key(learner, row), b"%0*d" % (_VALUE_BYTES, learner))
        for learner in range(learners)
        for row in range(_ROWS_EACH)
    )
    while batch := list(islice(rows, _BATCH)):
        store.write(batch)


def _key(learner: int, row: int) -> bytes:
    return b"learner%09d|d|%d" % (learner, 20_000 + row)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
