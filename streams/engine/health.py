"""What a worker knows of itself, for health checks and for the watchdog."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field


@dataclass(slots=True)
class Health:
    """The state of a worker.

    `ready`: tables are restored and partitions are processed. `positions`: the next offset to process by
    (topic, partition); `lag`: the records behind it that were there when it was fetched.
    `progressed_at`: when something last moved, in seconds of `clock`.
    """

    clock: Callable[[], float] = time.monotonic
    ready: bool = False
    partitions: frozenset[int] = frozenset()
    positions: dict[tuple[str, int], int] = field(default_factory=dict)
    lag: dict[tuple[str, int], int] = field(default_factory=dict)
    records_total: int = 0
    restored_total: int = 0
    progressed_at: float = field(init=False)

    def __post_init__(self) -> None:
        self.progressed_at = self.clock()

    def assigned(self, partitions: Iterable[int]) -> None:
        """Tables are restored; these partitions are processed from now on."""
        self.ready = True
        self.partitions = frozenset(partitions)
        self._moved()

    def revoked(self) -> None:
        """Nothing is processed until the next assignment."""
        self.ready = False
        self.partitions = frozenset()
        self.positions.clear()
        self.lag.clear()
        self._moved()

    def processed(
        self, topic: str, partition: int, records: int, next_offset: int, end: int | None = None
    ) -> None:
        """A chunk was done; `end` is that of its partition, where it is known."""
        self.positions[topic, partition] = next_offset
        if end is not None:
            self.lag[topic, partition] = max(0, end - next_offset)
        self.records_total += records
        self._moved()

    def restored(self, rows: int) -> None:
        """Changelog records were read."""
        self.restored_total += rows
        self._moved()

    def lag_of(self, topic: str) -> int:
        """Records of the topic that wait in our partitions."""
        return sum(waiting for (name, _), waiting in list(self.lag.items()) if name == topic)

    def _moved(self) -> None:
        self.progressed_at = self.clock()
