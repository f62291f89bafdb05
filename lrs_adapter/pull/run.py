"""A puller: its share of the sources, followed.

Reads: the LRSs of its share; `pull.checkpoints`.
Writes: `xapi.statements`, `dead.letters`, `pull.checkpoints`.
Key: see the rounds.
State: none that a restart would miss.
Guarantee: each source is followed by one puller of the group: by the one that has the partition of the
source's checkpoint. A puller that was frozen and taken for dead may go on for a moment when it wakes; what it
writes then is written twice, and the ledger of the stream worker drops the second.
On failure: a source in trouble is tried again, the others go on; a fault of ours ends the process.
"""

import asyncio
from collections.abc import Collection, Iterable, Sequence

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.abc import ConsumerRebalanceListener
from aiokafka.errors import KafkaError

from lrs_adapter.pull.follower import Follower, Surroundings
from lrs_adapter.pull.sources import Source
from schemas import log_events
from schemas.errors import ConfigError, UnavailableError
from schemas.topics import PULL_CHECKPOINTS, partition_for

_POLL_MS = 500
_STOP_S = 15.0

log = structlog.get_logger()


class Share(ConsumerRebalanceListener):  # type: ignore[misc]
    """The sources that this puller follows at the moment. `ready` once the group gave it a share."""

    def __init__(self, sources: Sequence[Source], surroundings: Surroundings) -> None:
        self._sources = sources
        self._surroundings = surroundings
        self._at_work: dict[asyncio.Task[None], Follower] = {}
        self.ready = False

    @property
    def names(self) -> set[str]:
        """The sources that are followed."""
        return {follower.name for follower in self._at_work.values()}

    async def on_partitions_assigned(self, assigned: Iterable[TopicPartition]) -> None:
        """Follow the sources whose checkpoints are in these partitions."""
        await self.stop()
        count = self._surroundings.settings.partitions
        numbers = {at.partition for at in assigned}
        ours = [source for source in self._sources if partition_for(source.name, count) in numbers]
        for source in ours:
            follower = Follower(source, self._surroundings)
            self._at_work[asyncio.create_task(follower.run(), name=f"pull {source.name}")] = follower
        self.ready = True
        log.info(log_events.PULL_SOURCES, sources=[source.name for source in ours])

    async def on_partitions_revoked(self, revoked: Iterable[TopicPartition]) -> None:
        """Let go of all of them: whoever has them next must not find us writing."""
        await self.stop()

    async def stop(self) -> None:
        """Stop following."""
        at_work, self._at_work = self._at_work, {}
        self.ready = False
        for task, follower in at_work.items():
            follower.stop()
            task.cancel()
        if at_work:
            await asyncio.wait(at_work, timeout=_STOP_S)

    def check(self) -> None:
        """Raise what a follower did not expect."""
        for task in self._at_work:
            if task.done() and not task.cancelled():
                task.result()


async def run_pull(sources: Sequence[Source], surroundings: Surroundings, share: Share) -> None:
    """Follow this process's share until cancelled.

    Raises `UnavailableError` if Kafka is away at start, and `ConfigError` if the topic of the checkpoints has
    another number of partitions than we are told: a source beyond them would be followed by nobody.
    """
    settings = surroundings.settings
    consumer = AIOKafkaConsumer(
        bootstrap_servers=settings.kafka_bootstrap_servers,
        group_id=settings.pull_group_id,
        enable_auto_commit=False,
        auto_offset_reset="latest",
        session_timeout_ms=round(settings.session_timeout_s * 1000),
        heartbeat_interval_ms=round(settings.heartbeat_s * 1000),
    )
    consumer.subscribe([PULL_CHECKPOINTS.name], listener=share)
    log.info(log_events.PULL_STARTED, sources=[source.name for source in sources])
    try:
        await consumer.start()
        _check_partitions(consumer.partitions_for_topic(PULL_CHECKPOINTS.name), settings.partitions)
        while True:
            await consumer.getmany(timeout_ms=_POLL_MS)
            share.check()
    except (KafkaError, OSError) as error:
        raise UnavailableError(f"Kafka does not answer: {error!r}") from error
    finally:
        await share.stop()
        await consumer.stop()
        log.info(log_events.PULL_STOPPED)


def _check_partitions(found: Collection[int] | None, told: int) -> None:
    if found and len(found) != told:
        problem = f"{PULL_CHECKPOINTS.name} has {len(found)} partitions, not {told}"
        raise ConfigError("the broker", [problem])
