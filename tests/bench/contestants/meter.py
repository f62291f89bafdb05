"""What every contestant is told, and how its rate is measured. Standard library only."""

import json
import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

WINDOW_MS = 60_000
RESULT = "RESULT "


@dataclass(frozen=True)
class Task:
    """Consume `records` records of `topic`, or as many as `limit_s` seconds allow.

    `group` is a consumer group of its own, `home` a directory of its own. `idempotence`: the broker has
    idempotent producers.
    """

    bootstrap: str
    topic: str
    partitions: int
    records: int
    limit_s: float
    group: str
    home: str
    idempotence: bool

    @classmethod
    def from_command_line(cls) -> Self:
        """The task that was handed over as JSON."""
        return cls(**json.loads(sys.argv[1]))


class Meter:
    """Counts from where work begins, or the first records are done: joining and loading are not measured.

    `distinct` counts statements that were no repetition: every contestant has to find the same.
    """

    def __init__(self, task: Task) -> None:
        self._task = task
        self._before = 0
        self._started_s = self._started_cpu_s = 0.0
        self.records = self.distinct = 0

    def begin(self) -> None:
        """Work begins; one that does many records at once says so before them."""
        if not self._started_s:
            self._before = self.records
            self._started_s, self._started_cpu_s = time.perf_counter(), time.process_time()

    def did(self, records: int) -> bool:
        """Note that so many more records are done. True once it is enough."""
        self.records += records
        self.begin()
        elapsed_s = time.perf_counter() - self._started_s
        return self.records >= self._task.records or elapsed_s > self._task.limit_s

    def tell(self) -> None:
        """Print the result, for the parent."""
        result: dict[str, Any] = {
            "records": self.records,
            "measured": self.records - self._before,
            "seconds": time.perf_counter() - self._started_s,
            "cpu_s": time.process_time() - self._started_cpu_s,
            "distinct": self.distinct,
            "resident_mb": resident_mb(),
        }
        os.write(1, f"{RESULT}{json.dumps(result)}\n".encode())


def resident_mb() -> float:
    """Memory that the process has now; 0 where the system does not tell it this way."""
    statm = Path("/proc/self/statm")
    return int(statm.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1024**2 if statm.exists() else 0.0
