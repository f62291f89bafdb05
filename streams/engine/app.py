"""Building the Faust app of a worker."""

import asyncio
from collections import Counter
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, cast

import faust
from faust.types import StreamT

from schemas.errors import ConfigError
from streams.engine.config import EngineConfig
from streams.engine.engine import Engine
from streams.engine.fetched import ChunkSchema
from streams.engine.health import Health
from streams.engine.runner import StageRunner
from streams.engine.transport import ChunkTransport, PartitionedTable, missing_names
from streams.records import Stage

_FETCH_BYTES = 8 * 1024 * 1024  # of one partition: room for a whole chunk of statements
_BUFFERED_CHUNKS = 8  # per stage, on top of what the consumer has fetched ahead


class WorkerApp(faust.App):
    """A Faust app with its engine."""

    engine: Engine

    def on_rebalance_end(self) -> None:
        """Faust's last act in a rebalance."""
        super().on_rebalance_end()
        self.engine.on_settled()


def build_app(config: EngineConfig, stages: Sequence[Stage], health: Health | None = None) -> WorkerApp:
    """A Faust app that runs `stages`: one agent for each, over all its topics.

    Raises `ConfigError` if two stages share a topic or a table, or if the installed Faust is not one that
    the engine works with.
    """
    _check(stages)
    app = _faust_app(config)
    app.engine = Engine(app, config, stages, health or Health())
    for runner in app.engine.runners:
        topic = app.topic(*runner.stage.topics, schema=ChunkSchema(), partitions=config.partitions)
        app.agent(topic, name=runner.stage.name, concurrency=1)(_agent(runner))
    app.on_partitions_revoked.connect(app.engine.on_revoked)
    app.on_rebalance_complete.connect(app.engine.on_assigned)
    app.on_before_shutdown.connect(app.engine.on_shutdown)
    app.task(app.engine.sweep_forever)
    return app


def _check(stages: Sequence[Stage]) -> None:
    shared = Counter(name for stage in stages for name in (*stage.topics, *stage.tables))
    problems = [f"{name} belongs to more than one stage" for name, uses in shared.items() if uses > 1]
    problems += [f"the installed Faust or aiokafka has no {name}" for name in missing_names()]
    if problems:
        raise ConfigError("the stream engine", problems)


def _agent(runner: StageRunner) -> Callable[[StreamT[Any]], Coroutine[Any, Any, None]]:
    async def consume(stream: StreamT[Any]) -> None:
        """Have one chunk of each partition in progress."""
        begun: dict[int, asyncio.Task[None]] = {}
        async for event in cast("faust.Stream[Any]", stream).noack().events():
            partition = event.value.partition
            if partition in begun:
                await asyncio.wait({begun[partition]})
            begun[partition] = asyncio.create_task(runner.handle(event.value, event.ack))

    return consume


def _faust_app(config: EngineConfig) -> WorkerApp:
    app = WorkerApp(
        config.app_id,
        broker=[f"kafka://{server}" for server in config.bootstrap_servers.split(",")],
        datadir=config.data_dir,
        Table=PartitionedTable,
        topic_partitions=config.partitions,
        topic_replication_factor=config.replication_factor,
        topic_disable_leader=True,
        web_enabled=False,
        broker_session_timeout=config.session_timeout_s,
        broker_heartbeat_interval=config.heartbeat_s,
        broker_rebalance_timeout=config.rebalance_timeout_s,
        broker_commit_interval=config.commit_interval_s,
        consumer_max_fetch_size=_FETCH_BYTES,
        stream_buffer_maxsize=_BUFFERED_CHUNKS,
        stream_wait_empty=True,
    )
    app.transport = ChunkTransport(app, config.chunk_max)
    return app
