"""A Faust store that keeps each partition's rows apart, so that a partition can leave as a whole.

Faust gives a table its changelog topic and tells the store which partitions come and go. Restoring is
ours (`streams.engine.restore`), and so is writing: a step's rows arrive together, after the changelog
has them.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from faust.stores.base import Store
from faust.types import TP, EventT

from streams.engine.rows import PartitionRows


class PartitionedStore(Store[bytes, bytes]):
    """The rows of one table, by partition."""

    def __post_init__(self) -> None:
        self._partitions: dict[int, PartitionRows] = {}

    def partition(self, number: int) -> PartitionRows:
        """The rows of a partition; empty at first."""
        return self._partitions.setdefault(number, PartitionRows())

    def keep_only(self, partitions: Iterable[int]) -> None:
        """Forget every partition that is not among `partitions`."""
        for gone in self._partitions.keys() - set(partitions):
            del self._partitions[gone]

    def persisted_offset(self, tp: TP) -> int | None:
        """None: Faust restores nothing."""

    def set_persisted_offset(self, tp: TP, offset: int) -> None:
        """Nothing: `PartitionRows.next_offset` is kept with the rows."""

    def apply_changelog_batch(
        self, batch: Iterable[EventT[Any]], to_key: Callable[[Any], Any], to_value: Callable[[Any], Any]
    ) -> None:
        """Nothing: Faust is told that changelogs are empty and reads none."""

    def reset_state(self) -> None:
        """Forget everything."""
        self._partitions.clear()

    async def backup_partition(
        self, tp: TP | int, flush: bool = True, purge: bool = False, keep: int = 1
    ) -> None:
        """Nothing: the changelog is the backup."""

    def restore_backup(self, tp: TP | int, latest: bool = True, backup_id: int = 0) -> None:
        """Nothing: the changelog is the backup."""


class PartitionState:
    """One partition's view of a stage's tables: `streams.records.State`."""

    def __init__(self, stores: Mapping[str, PartitionedStore], partition: int) -> None:
        self._tables = {name: store.partition(partition) for name, store in stores.items()}

    def get(self, table: str, key: bytes) -> bytes | None:
        """The row under `key`, or None."""
        return self._tables[table].get(key)

    def scan(self, table: str, owner: bytes) -> Iterator[tuple[bytes, bytes]]:
        """The rows whose keys begin with `owner` and `|`, in key order."""
        return self._tables[table].scan(owner)

    def owners(self, table: str, after: bytes, limit: int) -> list[bytes]:
        """At most `limit` owners that have a row and come after `after`, in order."""
        return self._tables[table].owners(after, limit)

    def walk(self, table: str, after: bytes, limit: int) -> list[tuple[bytes, bytes]]:
        """At most `limit` rows whose keys come after `after`, in key order; fewer: these are the last."""
        return self._tables[table].walk(after, limit)
