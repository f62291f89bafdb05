"""What the engine can be told. It reads no environment: the composition root fills this in."""

import logging
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from streams.records import Chunk

EXIT_FATAL = 70  # EX_SOFTWARE of sysexits.h


def exit_at_once(_reason: str) -> NoReturn:
    """End the process without stopping anything: no offset is committed, nothing more is written."""
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(EXIT_FATAL)


def _ignore_chunk(_stage: str, _chunk: Chunk, _seconds: float) -> None:
    """Measure nothing."""


def _ignore_step(_step: int) -> None:
    """Observe nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineConfig:
    """How an engine runs. Times are seconds.

    `app_id` names the consumer group and prefixes the changelog topics. `partitions` is the number that
    every source topic must have and every changelog gets. `chunk_max` bounds the records of one step.
    `watchdog_s` is how long nothing may move while there is something to do.

    `on_fatal(reason)` must end the process and not return. `on_chunk(stage, chunk, seconds)`
    is told of every chunk that was done. `after_step(number)` is called after each numbered step of
    `streams.engine.runner`: it is there for tests that stop a worker between two steps.
    """

    app_id: str
    bootstrap_servers: str
    partitions: int
    data_dir: Path
    replication_factor: int = 1
    producer_idempotence: bool = True
    session_timeout_s: float = 10.0
    heartbeat_s: float = 2.0
    rebalance_timeout_s: float = 20.0
    commit_interval_s: float = 0.5
    request_timeout_s: float = 60.0
    stop_timeout_s: float = 30.0
    chunk_max: int = 5000
    sweep_interval_s: float = 60.0
    watchdog_s: float = 120.0
    on_fatal: Callable[[str], NoReturn] = exit_at_once
    on_chunk: Callable[[str, Chunk, float], None] = _ignore_chunk
    after_step: Callable[[int], None] = _ignore_step

    @property
    def lease_s(self) -> float:
        """How long an answer of the group's coordinator is good for: half of what it waits for us."""
        return min(self.session_timeout_s, self.rebalance_timeout_s) / 2
