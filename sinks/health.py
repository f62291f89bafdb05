"""How a sink is doing: figures for `/healthz`, `/readyz` and `/metrics`."""

import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from prometheus_client import CollectorRegistry

from schemas.codec import decode
from schemas.metrics import SinkMetrics
from schemas.topics import STATEMENTS
from sinks.buffer import Block
from sinks.intents import Partition
from sinks.records import RawRecord
from sinks.tables.statements import STATEMENTS_TABLE


def _ignore(_block: Block, _seconds: float) -> None:
    """Nobody else wants to know."""


@dataclass(slots=True)
class SinkHealth:
    """What a sink has done since it started and how far it is.

    `positions` and `lag` are the committed offset and the records behind it of each partition it owns, `rows`
    counts rows written by table, `last_insert_at` and `newest_received_at` are Unix times in seconds, the
    latter that of the newest statement written; `failing_since` is set while ClickHouse does not answer.
    `on_insert` is told of each block that ClickHouse has taken, and how long that took.
    """

    metrics: SinkMetrics = field(default_factory=lambda: SinkMetrics(CollectorRegistry()))
    clock: Callable[[], float] = time.time
    on_insert: Callable[[Block, float], None] = _ignore
    positions: dict[Partition, int] = field(default_factory=dict)
    lag: dict[Partition, int] = field(default_factory=dict)
    rows: Counter[str] = field(default_factory=Counter)
    last_insert_at: float | None = None
    newest_received_at: float | None = None
    failing_since: float | None = None

    @property
    def ready(self) -> bool:
        """Whether it owns partitions and ClickHouse takes what it sends."""
        return bool(self.positions) and self.failing_since is None

    @property
    def freshness_s(self) -> float | None:
        """Age of the newest statement written, seconds; None before the first."""
        return None if self.newest_received_at is None else self.clock() - self.newest_received_at

    def owned(self, positions: Mapping[Partition, int]) -> None:
        """Partitions were taken up at `positions`."""
        self.positions.update(positions)

    def lost(self) -> None:
        """All partitions were taken away."""
        for topic, number in self.lag:
            self.metrics.lag.remove(topic, str(number))
        self.positions.clear()
        self.lag.clear()

    def inserted(self, block: Block, rows: int, seconds: float) -> None:
        """ClickHouse has taken a block of so many rows, in so many seconds."""
        name, now = block.table.name, self.clock()
        self.last_insert_at = now
        self.rows[name] += rows
        self.metrics.rows.labels(name).inc(rows)
        self.metrics.insert_seconds.labels(name).observe(seconds)
        self.on_insert(block, seconds)
        if block.table is STATEMENTS_TABLE and block.raws:
            self._fresh(_received_at(block.raws[0]), _received_at(block.raws[-1]), now)

    def _fresh(self, first: float, last: float, now: float) -> None:
        """Observe the first of a block, which is in the order of receipt: no statement in it took longer."""
        self.metrics.freshness_seconds.observe(max(0.0, now - first))
        self.newest_received_at = max(self.newest_received_at or 0.0, last)

    def committed(self, positions: Mapping[Partition, int]) -> None:
        """Positions were committed."""
        self.positions.update(positions)

    def seen(self, ends: Mapping[Partition, int]) -> None:
        """The ends of partitions, as far as the broker has told them."""
        for partition, end in ends.items():
            self.lag[partition] = max(0, end - self.positions.get(partition, 0))
            self.metrics.lag.labels(partition[0], str(partition[1])).set(self.lag[partition])

    def refused(self, topic: str) -> None:
        """A record could not become rows."""
        self.metrics.dead_letters.labels(topic).inc()

    def unavailable(self) -> None:
        """ClickHouse did not answer."""
        self.metrics.retries.inc()
        self.failing_since = self.failing_since or self.clock()

    def available(self) -> None:
        """ClickHouse answers again."""
        self.failing_since = None


def _received_at(raw: RawRecord) -> float:
    received_us: int = decode(STATEMENTS, raw.value or b"")["received_at"]
    return received_us / 1e6
