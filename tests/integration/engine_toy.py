"""A small stage with the whole exactly-once recipe in it, run as a process by the engine's tests.

It drops repeated ids and counts records by key. A tombstone forgets its key. What it must arrive at can
be told from the source topic alone, so a test need not know what happened on the way.
"""

import asyncio
import json
import os
import signal
import sys
from dataclasses import dataclass
from pathlib import Path

import structlog

from streams.engine.app import WorkerApp, build_app
from streams.engine.config import EngineConfig
from streams.engine.run import run_worker
from streams.records import Chunk, Effects, Output, State

POISON = b"poison"


@dataclass(frozen=True, kw_only=True)
class ToyOptions:
    """What a toy worker is told. `name` is its group and names its topics."""

    name: str
    bootstrap: str
    directory: str
    idempotence: bool
    partitions: int = 2
    chunk_max: int = 50
    signal_step: int = 0  # send itself `signal_number` after this step ...
    signal_times: int = 1  # ... has been reached so many times
    signal_number: int = signal.SIGKILL
    refuses_poison: bool = False
    sweeps: bool = False

    @property
    def source(self) -> str:
        """The topic that is counted."""
        return f"{self.name}.source"

    @property
    def counts(self) -> str:
        """The topic that tells the counts."""
        return f"{self.name}.counts"


class ToyStage:
    """Counts distinct ids by key; a count carries the last offset that it contains."""

    name = "toy"
    tables = ("ids", "counts", "sweeps")

    def __init__(self, options: ToyOptions) -> None:
        self._options = options
        self.topics: tuple[str, ...] = (options.source,)

    def process(self, chunk: Chunk, state: State) -> Effects:
        """One output for each key whose count changed."""
        ids: dict[bytes, bytes | None] = {}
        counts: dict[bytes, bytes | None] = {}
        for record in chunk.records:
            key = record.key or b""
            if record.value == POISON and self._options.refuses_poison:
                raise ValueError("poison")
            count, last = _parse(counts[key] if key in counts else state.get("counts", key))
            if record.offset <= last:
                continue
            if record.value is None:
                counts[key] = None
                continue
            identity, origin = record.value.split(b" ", 1)[0], b"%d" % record.offset
            if (ids.get(identity) or state.get("ids", identity) or origin) == origin:
                ids[identity] = origin
                counts[key] = b"%d:%d" % (count + 1, record.offset)
        headers = (("version", b"%d" % chunk.records[-1].offset),)
        topic = self._options.counts
        outputs = [Output(topic, chunk.partition, key, value, headers) for key, value in counts.items()]
        return Effects(outputs, {"ids": ids, "counts": counts})

    def sweep(self, partition: int, state: State) -> Effects | None:
        """Once for each partition: note how many keys there are."""
        if not self._options.sweeps or state.get("sweeps", b"keys") is not None:
            return None
        keys = b"%d" % len(state.owners("counts", b"", 1_000_000))
        output = Output(self._options.counts, partition, b"sweep|%d" % partition, keys, ())
        return Effects([output], {"sweeps": {b"keys": keys}})


def _parse(row: bytes | None) -> tuple[int, int]:
    if row is None:
        return 0, -1
    count, last = row.split(b":")
    return int(count), int(last)


class _Signal:
    """Sends this process a signal once a step has been reached so many times."""

    def __init__(self, options: ToyOptions) -> None:
        self._step, self._left, self._number = (
            options.signal_step,
            options.signal_times,
            options.signal_number,
        )

    def __call__(self, step: int) -> None:
        if step == self._step:
            self._left -= 1
            if self._left == 0:
                os.kill(os.getpid(), self._number)


def write_report(app: WorkerApp, directory: Path) -> None:
    """Write the worker's health, and its rows of `counts`, where the test finds them."""
    health = app.engine.health
    counts = app.engine.runners[0].tables["counts"].store
    report = {
        "ready": health.ready,
        "partitions": sorted(health.partitions),
        "records": health.records_total,
        "restored": health.restored_total,
        "positions": {partition: offset for (_, partition), offset in health.positions.items()},
        "lag": {partition: waiting for (_, partition), waiting in health.lag.items()},
        "keys": {partition: len(counts.partition(partition)) for partition in health.partitions},
    }
    part = directory / "report.part"
    part.write_text(json.dumps(report))
    part.replace(directory / "report.json")


async def main(options: ToyOptions) -> None:
    """Run a toy worker until it is told to stop."""
    directory = Path(options.directory)
    config = EngineConfig(
        app_id=options.name,
        bootstrap_servers=options.bootstrap,
        partitions=options.partitions,
        producer_idempotence=options.idempotence,
        data_dir=directory / "data",
        session_timeout_s=2.0,
        heartbeat_s=0.3,
        rebalance_timeout_s=4.0,
        commit_interval_s=0.2,
        chunk_max=options.chunk_max,
        sweep_interval_s=0.3,
        watchdog_s=30.0,
        after_step=_Signal(options),
    )
    app = build_app(config, [ToyStage(options)])
    reporting = asyncio.create_task(_report(app, directory))
    await run_worker(app)
    reporting.cancel()


async def _report(app: WorkerApp, directory: Path) -> None:
    while True:
        write_report(app, directory)
        await asyncio.sleep(0.05)


if __name__ == "__main__":
    structlog.configure(
        processors=[structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    )
    asyncio.run(main(ToyOptions(**json.loads(sys.argv[1]))))
