"""Beginning anew: what is derived is deleted, and whoever derives it reads its topics from their beginning.

Reads: the broker's topics.
Writes: the positions of consumer groups; deletes and makes topics; drops the ClickHouse database.
Key: none.
State: none.
Guarantee: what was accepted (`xapi.statements`, `identity.links`, `hr.attributes`, `dead.letters`) is not
touched. Nothing is deleted while a process of ours is in a group that has to begin anew.
On failure: `UnavailableError`; repeating the command finishes what it began.
"""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import InconsistentGroupProtocolError, KafkaError

from readystream.databases import drop_database
from readystream.topics import create_topics, delete_topics, list_topics
from schemas.errors import UnavailableError
from schemas.settings import SinkSettings, WorkerSettings
from schemas.topics import CATALOGUE

_JOIN_S, _REWIND_S = 30.0, 60.0
_WORKER = "worker"


@dataclass(frozen=True, slots=True)
class Plan:
    """What a reset does: groups (and the topics they read) begin anew, topics and a database go."""

    name: str
    groups: Sequence[tuple[str, tuple[str, ...]]]
    database: str
    topics: Sequence[str] = ()
    note: str = field(default="")

    def steps(self) -> list[str]:
        """A sentence for each thing that is done."""
        said = [
            f"group {group} reads {len(topics)} topics from the beginning" for group, topics in self.groups
        ]
        said += [f"topic {topic} is deleted" for topic in self.topics]
        return [*said, f"ClickHouse database {self.database} is dropped"]


def clickhouse_plan(sink: SinkSettings) -> Plan:
    """ClickHouse anew: the sink writes all of it again from the topics."""
    return Plan(
        sink.clickhouse_database,
        [_sink_group(sink)],
        sink.clickhouse_database,
        note="start the sinks: they make the database and write all of it again",
    )


async def derived_plan(worker: WorkerSettings, sink: SinkSettings) -> Plan:
    """Everything that workers derived anew, and with it ClickHouse. Raises `UnavailableError`."""
    existing = await list_topics(worker.kafka_bootstrap_servers)
    changelogs = {name for name in existing if _is_changelog(name, worker.app_id)}
    derived = {topic.name for topic in CATALOGUE if topic.writers == (_WORKER,)} & existing
    sources = tuple(topic.name for topic in CATALOGUE if _WORKER in topic.readers)
    return Plan(
        worker.app_id,
        [(worker.app_id, sources), _sink_group(sink)],
        sink.clickhouse_database,
        sorted(changelogs | derived),
        note=f"start everything with READYSTREAM_TOPIC_EPOCH={worker.topic_epoch + 1}, so that consumers "
        "take what is derived now for newer",
    )


def _sink_group(sink: SinkSettings) -> tuple[str, tuple[str, ...]]:
    return sink.sink_group_id, tuple(topic.name for topic in CATALOGUE if "sink" in topic.readers)


def _is_changelog(name: str, app_id: str) -> bool:
    return name.startswith(f"{app_id}-") and name.endswith("-changelog")


async def carry_out(plan: Plan, sink: SinkSettings) -> str:
    """Do what `plan` says; returns the group that somebody is in, where nothing was deleted, else nothing.

    Raises `UnavailableError`.
    """
    bootstrap = sink.kafka_bootstrap_servers
    try:
        for group, topics in plan.groups:
            async with asyncio.timeout(_REWIND_S):
                if not await _rewind(bootstrap, group, topics):
                    return group
    except TimeoutError as error:
        raise UnavailableError(f"the broker at {bootstrap} did not let group {group} begin anew") from error
    await delete_topics(bootstrap, plan.topics)
    await create_topics(bootstrap, CATALOGUE, sink.partitions, sink.replication_factor)
    await asyncio.to_thread(drop_database, sink.dsn, plan.database)
    return ""


async def _rewind(bootstrap: str, group: str, topics: Iterable[str]) -> bool:
    """Set the positions of `group` to the beginning; False where somebody else is in it.

    To join is the one way that every broker has: who gets all partitions is alone. (The embedded broker
    does not let a group that was in use begin anew: it forgets everything when it stops.)
    """
    consumer = AIOKafkaConsumer(
        *topics, bootstrap_servers=bootstrap, group_id=group, enable_auto_commit=False
    )
    try:
        await consumer.start()
        wanted = {
            TopicPartition(topic, number)
            for topic in topics
            for number in consumer.partitions_for_topic(topic) or ()
        }
        if not await _is_alone(consumer, wanted):
            return False
        await consumer.commit(await consumer.beginning_offsets(list(wanted)))
    except InconsistentGroupProtocolError:
        return False  # workers share their partitions in a way of their own
    except KafkaError as error:
        raise UnavailableError(f"the broker at {bootstrap}: {error!r}") from error
    else:
        return True
    finally:
        await consumer.stop()


async def _is_alone(consumer: AIOKafkaConsumer, wanted: set[TopicPartition]) -> bool:
    try:
        async with asyncio.timeout(_JOIN_S):
            while not consumer.assignment():  # noqa: ASYNC110 - the coordinator says it when it likes
                await asyncio.sleep(0.1)
    except TimeoutError:
        return False
    return bool(consumer.assignment() == wanted)
