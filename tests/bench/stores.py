"""Memory against RocksDB as the place of the rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.bench.contest import tell

_LIMIT_S = 300.0


@dataclass(frozen=True, slots=True)
class Stored:
    """What a store of so many rows costs: processor time by operation, microseconds, and memory.

    `reopen_s` is what a restart takes to have the rows again; None where they come from the changelog.
    """

    store: str
    rows: int
    write_us: float
    get_us: float
    scan_us: float
    resident_mb: float
    reopen_s: float | None = None


def compare(python: Path, home: Path, learners: int) -> Sequence[Stored]:
    """Measure both with the rows of so many learners; `python` has RocksDB."""
    home.mkdir(parents=True, exist_ok=True)
    arguments = [str(home / "rocksdb"), str(learners)]
    return [Stored(**one) for one in tell(python, "stores", arguments, home / "stores.log", _LIMIT_S)]
