"""Faust as its manual shows it: one event at a time, an ordinary table write for everything that changes."""

import os
from typing import Any

import faust
import orjson

from tests.bench.contestants.meter import WINDOW_MS, Meter, Task


def build(task: Task) -> faust.App:
    """The app; it ends the process once it is enough."""
    meter = Meter(task)
    app = faust.App(
        task.group,
        broker=f"kafka://{task.bootstrap}",
        store="memory://",
        datadir=task.home,
        topic_partitions=task.partitions,
        topic_replication_factor=1,
        topic_disable_leader=True,
        web_enabled=False,
        broker_session_timeout=6.0,
        broker_heartbeat_interval=1.0,
        broker_rebalance_timeout=6.0,
        broker_commit_interval=1.0,
        producer_linger=0.02,
        producer_max_batch_size=262_144,
    )
    source = app.topic(task.topic, value_type=bytes, value_serializer="raw", partitions=task.partitions)
    seen, counts, sums = (app.Table(name, partitions=task.partitions) for name in ("seen", "counts", "sums"))

    async def consume(stream: Any) -> None:
        async for value in stream:
            statement = orjson.loads(value)
            if statement["id"] not in seen:
                seen[statement["id"]] = 1
                counts[statement["u"]] = counts.get(statement["u"], 0) + 1
                window = f"{statement['u']}|{statement['ts'] // WINDOW_MS}"
                sums[window] = sums.get(window, 0) + statement["dur"]
                meter.distinct += 1
            if meter.did(1):
                await app.producer.flush()
                meter.tell()
                os._exit(0)

    app.agent(source, name="naive")(consume)
    return app


if __name__ == "__main__":
    faust.Worker(build(Task.from_command_line()), loglevel="error").execute_from_commandline()
