"""The engine of a worker: what happens as partitions come and go."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import NoReturn, cast

import faust
import structlog
from aiokafka.errors import KafkaError

from schemas.log_events import WORKER_ASSIGNED, WORKER_FATAL, WORKER_RECOVERED, WORKER_REVOKED
from streams.engine.changelogs import CHANGELOG_CONFIG, Changelogs
from streams.engine.config import EngineConfig
from streams.engine.health import Health
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
        tables = {name: self._table(name) for stage in stages for name in stage.tables}
        self.changelogs = Changelogs(tables.values(), config, self._sender, health)
        self.runners = [self._runner(stage, tables) for stage in stages]

    @property
    def topics(self) -> tuple[str, ...]:
        """The source topics of all stages."""
        return tuple(topic for runner in self.runners for topic in runner.stage.topics)

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
        await self._consumer.leave_unread(self.changelogs.topics)
        restored_before = self.health.restored_total
        taken = await self.changelogs.take(partitions, partial(self._tenure.confirm, generation))
        if taken and self._consumer.current_generation() == generation:
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
        """Let the stages sweep at an interval until the app stops, and look after idle changelogs."""
        while not self._app.should_stop:
            await self._app.sleep(self.config.sweep_interval_s)
            await self._stop_if_intruded()
            for runner in self.runners:
                await runner.sweep()

    @property
    def _consumer(self) -> ChunkConsumer:
        return cast("ChunkConsumer", self._app.consumer)

    async def _stop_if_intruded(self) -> None:
        """Stop the worker if somebody else wrote to a changelog that is still ours: a new start mends it.

        A broker that does not answer is asked again the next time.
        """
        generation = self._tenure.generation
        with suppress(KafkaError):
            for partition in await self.changelogs.find_intruders(set(self._tenure.partitions)):
                if await self._tenure.holds(partition, generation):
                    self._stop(f"somebody else wrote to a changelog of partition {partition}")

    def _stop(self, reason: str) -> NoReturn:
        _log.error(WORKER_FATAL, reason=reason)
        self.config.on_fatal(reason)

    def _runner(self, stage: Stage, tables: Mapping[str, PartitionedTable]) -> StageRunner:
        return StageRunner(
            stage,
            {name: tables[name] for name in stage.tables},
            tenure=self._tenure,
            changelogs=self.changelogs,
            sender=self._sender,
            config=self.config,
            health=self.health,
        )

    def _table(self, name: str) -> PartitionedTable:
        table = self._app.Table(name, partitions=self.config.partitions, extra_topic_configs=CHANGELOG_CONFIG)
        return cast("PartitionedTable", table)

    def _assigned(self) -> set[int]:
        """The partitions that are ours. They are the same for all source topics."""
        topics = self.topics
        places = {(tp.topic, tp.partition) for tp in self._consumer.assignment() if tp.topic in topics}
        partitions = {partition for _, partition in places}
        if len(places) != len(partitions) * len(topics):
            self._stop("partitions of the source topics are not assigned together")
        return partitions
