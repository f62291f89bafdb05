"""How long something took."""

import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Lap:
    """Seconds, and processor seconds of this process."""

    seconds: float
    cpu_s: float


def watch() -> Callable[[], Lap]:
    """Start; the answer stops."""
    started, cpu = time.perf_counter(), time.process_time()
    return lambda: Lap(time.perf_counter() - started, time.process_time() - cpu)
