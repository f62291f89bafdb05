"""The machine of a run: what it is, how busy it is, and keeping measured processes to a core of their own."""

import os
import platform
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

BUSY_LOAD = 1.5


def describe() -> dict[str, Any]:
    """What a reader must know to make sense of the figures."""
    load = os.getloadavg()[0]
    return {
        "processors": os.cpu_count(),
        "processor": _model(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "load_before": round(load, 2),
        "shared": load > BUSY_LOAD,
    }


def _model() -> str:
    """The processor's name where Linux tells it."""
    told = Path("/proc/cpuinfo")
    lines = told.read_text().splitlines() if told.exists() else []
    return next((line.partition(": ")[2] for line in lines if line.startswith("model name")), "")


@contextmanager
def first_core_left_alone() -> Iterator[None]:
    """Leave the first core to what is measured: we, and what we start in this block, use the others."""
    if len(_CORES) > 1:
        os.sched_setaffinity(0, _CORES - {min(_CORES)})
    try:
        yield
    finally:
        if _CORES:
            os.sched_setaffinity(0, _CORES)


def on_one_core(process: subprocess.Popen[bytes]) -> None:
    """Let a process that has just been started use the first core alone."""
    if _CORES:
        os.sched_setaffinity(process.pid, {min(_CORES)})


def on_all_cores(process: subprocess.Popen[bytes]) -> None:
    """Let a process that has just been started use every core."""
    if _CORES:
        os.sched_setaffinity(process.pid, _CORES)


Placement = Callable[[subprocess.Popen[bytes]], None]
# The cores that we were given; empty where the system does not let processes choose.
_CORES: set[int] = set(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else set()
