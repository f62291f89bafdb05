"""Quix Streams: a stateful step over RocksDB, with its changelog and a checkpoint every second."""

from typing import Any

from quixstreams import Application, State

from tests.bench.contestants.meter import WINDOW_MS, Meter, Task


def main(task: Task) -> None:
    """Consume until it is enough."""
    meter = Meter(task)
    app = Application(
        broker_address=task.bootstrap,
        consumer_group=task.group,
        auto_offset_reset="earliest",
        state_dir=task.home,
        loglevel="ERROR",
        commit_interval=1.0,
        consumer_extra_config={"session.timeout.ms": 6000, "heartbeat.interval.ms": 1000},
    )

    def step(statement: dict[str, Any], state: State) -> None:
        if state.get(f"i:{statement['id']}") is None:
            state.set(f"i:{statement['id']}", 1)
            state.set("count", (state.get("count") or 0) + 1)
            window = f"w:{statement['ts'] // WINDOW_MS}"
            state.set(window, (state.get(window) or 0) + statement["dur"])
            meter.distinct += 1
        if meter.did(1):
            meter.tell()
            app.stop()

    app.dataframe(app.topic(task.topic, value_deserializer="json")).update(step, stateful=True)
    app.run()


if __name__ == "__main__":
    main(Task.from_command_line())
