"""When to insert and when to try again: pure decisions over a clock that is handed in."""

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class FlushPolicy:
    """Insert a partition's rows once they are many, old or heavy enough.

    `max_rows` is where inserts stop getting faster per row; `max_bytes` is for large records. `held_bytes`
    bounds what waits in all partitions. Bytes are those of the records in Kafka.
    """

    max_rows: int = 10_000
    max_age_s: float = 0.2
    max_bytes: int = 16 << 20
    held_bytes: int = 64 << 20

    def due(self, *, records: int, size: int, age_s: float) -> bool:
        """Whether to insert now, given how many records wait, their bytes and the age of the oldest."""
        if records == 0:
            return False
        return records >= self.max_rows or size >= self.max_bytes or age_s >= self.max_age_s

    def at_least(self, age_s: float) -> "FlushPolicy":
        """The same, but with no age below `age_s`: so nobody writes more than half of the time to no gain."""
        return replace(self, max_age_s=max(self.max_age_s, age_s))


@dataclass(frozen=True, slots=True)
class Backoff:
    """Waits that double from `first_s` up to `most_s`, each shortened at random by up to a half."""

    first_s: float = 0.2
    most_s: float = 15.0

    def delay_s(self, failures: int, chance: float) -> float:
        """Seconds to wait after so many failures in a row (1 at first); `chance` is in [0, 1)."""
        whole = min(self.most_s, self.first_s * 2.0 ** min(failures - 1, 30))
        return whole * (1.0 - chance / 2.0)


class Refusals:
    """Counts refused records in a row, by topic.

    One bad record is a dead letter. A thousand in a row are no bad records but a wrong release or a wrong
    topic, and dead letters would only bury that.
    """

    def __init__(self, limit: int = 1000) -> None:
        self._limit = limit
        self._in_a_row: dict[str, int] = {}

    def note(self, topic: str, *, records: int, refused: int) -> bool:
        """Take note of records that came together; False once the limit is reached."""
        count = self._in_a_row.get(topic, 0) + refused if refused == records else 0
        self._in_a_row[topic] = count
        return count < self._limit
