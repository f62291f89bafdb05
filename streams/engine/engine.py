"""The engine of a worker: what happens as partitions come and go."""

from collections.abc import Sequence
from typing import Any, cast

import faust
import structlog
from aiokafka import TopicPartition

from schemas.log_events import WORKER_ASSIGNED, WORKER_FATAL, WORKER_RECOVERED, WORKER_REVOKED
from streams.engine.config import EngineConfig
from streams.engine.health import Health
from streams.engine.restore import read_to_end
from streams.engine.runner import StageRunner
from streams.engine.sender import Sender
from streams.engine.tenure import Tenure
from streams.engine.transport import ChunkConsumer, PartitionedTable
from streams.records import Stage

_log = structlog.get_logger(__name__)


class Engine:
    """Restores tables when partitions arrive, runs the stages, and stands still while partitions move."""

    def __init__(self, app: faust.App, config: EngineConfig, stages: Sequence[Stage], health: Health) -> None:
        self._app = app
        self.config = config
        self.health = health
        self._tenure = Tenure(lambda: self._consumer, lease_s=config.lease_s)
        self._sender = Sender(config)
        self._rebalance = 0
        self.runners = [self._runner(stage) for stage in stages]

    @property
    def topics(self) -> tuple[str, ...]:
        """The source topics of all stages."""
        return tuple(topic for runner in self.runners for topic in runner.stage.topics)

    @property
    def changelogs(self) -> dict[str, PartitionedTable]:
        """The tables of all stages by changelog topic."""
        tables = (table for runner in self.runners for table in runner.tables.values())
        return {table.changelog_topic_name: table for table in tables}

    async def on_revoked(self, *_: object, **__: object) -> None:
        """Partitions are about to move. Returns once nothing is in progress."""
        self._tenure.end()
        self.health.revoked()
        for runner in self.runners:
            await runner.rest()
        _log.info(WORKER_REVOKED)

    async def on_assigned(self, *_: object, **__: object) -> None:
        """Partitions were assigned and nothing is fetched yet: restore what is new and begin.

        Faust cancels this when another rebalance begins; the next one goes on where this one was.
        """
        self._rebalance = self._app.rebalancing_count
        generation = self._consumer.current_generation()
        partitions = self._assigned()
        _log.info(WORKER_ASSIGNED, partitions=sorted(partitions), generation=generation)
        await self._consumer.leave_unread(self.changelogs)
        restored_before = self.health.restored_total
        await self._restore(partitions)
        if self._consumer.current_generation() == generation:
            self._tenure.begin(generation, partitions)
            self.health.assigned(partitions)
            _log.info(WORKER_RECOVERED, rows=self.health.restored_total - restored_before)

    def on_settled(self) -> None:
        """Faust has finished a rebalance; nothing is cleared from its buffers any more."""
        self._consumer.open_for(self._rebalance)

    async def on_shutdown(self, *_: object, **__: object) -> None:
        """The worker stops: let go of the broker."""
        await self.on_revoked()
        await self._sender.close()

    async def sweep_forever(self) -> None:
        """Let the stages sweep at an interval until the app stops."""
        while not self._app.should_stop:
            await self._app.sleep(self.config.sweep_interval_s)
            for runner in self.runners:
                await runner.sweep()

    @property
    def _consumer(self) -> ChunkConsumer:
        return cast("ChunkConsumer", self._app.consumer)

    def _runner(self, stage: Stage) -> StageRunner:
        tables = {name: self._table(name) for name in stage.tables}
        return StageRunner(
            stage,
            tables,
            tenure=self._tenure,
            sender=self._sender,
            config=self.config,
            health=self.health,
        )

    def _table(self, name: str) -> PartitionedTable:
        return cast("PartitionedTable", self._app.Table(name, partitions=self.config.partitions))

    def _assigned(self) -> set[int]:
        """The partitions that are ours. They are the same for all source topics."""
        topics = self.topics
        places = {(tp.topic, tp.partition) for tp in self._consumer.assignment() if tp.topic in topics}
        partitions = {partition for _, partition in places}
        if len(places) != len(partitions) * len(topics):
            _log.error(WORKER_FATAL, reason="partitions of the source topics are not assigned together")
            self.config.on_fatal("partitions of the source topics are not assigned together")
        return partitions

    async def _restore(self, partitions: set[int]) -> None:
        tables = self.changelogs
        for table in tables.values():
            table.store.keep_only(partitions)
        positions = {
            TopicPartition(topic, partition): table.store.partition(partition).next_offset
            for topic, table in tables.items()
            for partition in partitions
        }

        def apply(place: TopicPartition, records: Sequence[Any]) -> None:
            rows = tables[place.topic].store.partition(place.partition)
            rows.apply(((record.key, record.value) for record in records), records[-1].offset + 1)
            self.health.restored(len(records))

        await read_to_end(self.config.bootstrap_servers, positions, apply)
