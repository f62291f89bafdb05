"""Our engine with a stage that does the reduced work: one step for each fetched chunk, changelogs in bulk."""

import asyncio
import os
from pathlib import Path

import orjson

from streams.engine.app import build_app
from streams.engine.config import EngineConfig
from streams.engine.run import run_worker
from streams.records import Chunk, Effects, State
from tests.bench.contestants.meter import WINDOW_MS, Meter, Task

Rows = dict[bytes, bytes | None]


class ReducedStage:
    """The reduced work. A statement's id maps to its offset, and each sum carries the last offset in it."""

    name = "reduced"
    tables = ("ids", "counts", "sums")

    def __init__(self, topic: str, meter: Meter) -> None:
        self.topics: tuple[str, ...] = (topic,)
        self._meter = meter

    def process(self, chunk: Chunk, state: State) -> Effects:
        """Every row that the chunk touches is written once."""
        self._meter.begin()
        ids: Rows = {}
        counts: Rows = {}
        sums: Rows = {}
        for record in chunk.records:
            statement = orjson.loads(record.value or b"{}")
            identity, origin = statement["id"].encode(), b"%d" % record.offset
            if (ids.get(identity) or state.get("ids", identity) or origin) != origin:
                continue
            ids[identity] = origin
            learner = statement["u"]
            window = f"{learner}|{statement['ts'] // WINDOW_MS}".encode()
            _add("counts", learner.encode(), 1, record.offset, counts, state)
            _add("sums", window, statement["dur"], record.offset, sums, state)
        self._meter.distinct += len(ids)
        return Effects([], {"ids": ids, "counts": counts, "sums": sums})

    def sweep(self, partition: int, state: State) -> None:
        """Nothing changes as time passes."""


def _add(table: str, key: bytes, amount: int, offset: int, rows: Rows, state: State) -> None:
    """Add to a row, unless it has this offset in it already."""
    row = rows.get(key) or state.get(table, key)
    total, last = (0, -1) if row is None else map(int, row.split(b":"))
    if last < offset:
        rows[key] = b"%d:%d" % (total + amount, offset)


async def main(task: Task) -> None:
    """Consume until it is enough."""
    meter = Meter(task)

    def on_chunk(_stage: str, chunk: Chunk, _seconds: float) -> None:
        if meter.did(len(chunk.records)):
            meter.tell()
            os._exit(0)

    config = EngineConfig(
        app_id=task.group,
        bootstrap_servers=task.bootstrap,
        partitions=task.partitions,
        data_dir=Path(task.home),
        producer_idempotence=task.idempotence,
        session_timeout_s=6.0,
        heartbeat_s=1.0,
        rebalance_timeout_s=6.0,
        on_chunk=on_chunk,
    )
    await run_worker(build_app(config, [ReducedStage(task.topic, meter)]))


if __name__ == "__main__":
    asyncio.run(main(Task.from_command_line()))
