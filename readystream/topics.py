"""Topics on the broker: made as the catalogue says, compared with it, and how far each of them reaches."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import KafkaError, TopicAlreadyExistsError, for_code

from schemas.errors import UnavailableError
from schemas.topics import MAX_MESSAGE_BYTES, Topic

_REQUEST_TIMEOUT_MS = 15_000
_SETTLE_S = 15.0
_POLL_S = 0.1

_Partition = Mapping[str, Any]
"""As brokers describe one: its leader, its replicas, and those that are in sync."""


async def create_topics(
    bootstrap: str, catalogue: Iterable[Topic], partitions: int, replication: int
) -> list[str]:
    """Make the topics of `catalogue` that are missing; returns their names once the broker serves them.

    Topics that exist are left as they are: `check_topics` tells how they differ. Raises `UnavailableError` if
    the broker does not answer, or refuses.
    """
    async with _connected(AIOKafkaAdminClient, bootstrap) as admin:
        existing = set(await admin.list_topics())
        missing = [topic for topic in catalogue if topic.name not in existing]
        new = [
            NewTopic(
                topic.name, partitions, replication, topic_configs=topic.config | _durability(replication)
            )
            for topic in missing
        ]
        if new:
            _require_created(await admin.create_topics(new))
            await _until_led(admin, [topic.name for topic in missing])
        return [topic.name for topic in missing]


def _durability(replication: int) -> dict[str, str]:
    """With three replicas an acknowledgement means two disks, and one broker may be away."""
    return {"min.insync.replicas": "2"} if replication > 2 else {}


def _require_created(response: Any) -> None:
    for name, code, *message in response.topic_errors:
        error = for_code(code)
        if code and error is not TopicAlreadyExistsError:  # another process may have been quicker
            raise error(f"topic {name}: {message}")


async def _until_led(admin: AIOKafkaAdminClient, names: list[str]) -> None:
    """Wait until every partition has a leader: before that, its producers and consumers fail."""
    async with asyncio.timeout(_SETTLE_S):
        while not all(_is_led(topic) for topic in await admin.describe_topics(names)):  # noqa: ASYNC110
            await asyncio.sleep(_POLL_S)  # no event tells it: the state is the broker's


def _is_led(topic: Mapping[str, Any]) -> bool:
    partitions = topic["partitions"]
    return bool(partitions) and all(map(_has_leader, partitions))


def _has_leader(partition: _Partition) -> bool:
    return bool(partition["leader"] >= 0)


async def list_topics(bootstrap: str) -> set[str]:
    """The names of all topics. Raises `UnavailableError` if the broker does not answer."""
    async with _connected(AIOKafkaAdminClient, bootstrap) as admin:
        return set(await admin.list_topics())


async def delete_topics(bootstrap: str, names: Iterable[str]) -> None:
    """Delete the topics of these that exist; returns once the broker tells of none. `UnavailableError`."""
    async with _connected(AIOKafkaAdminClient, bootstrap) as admin:
        if doomed := sorted({*names} & set(await admin.list_topics())):
            await admin.delete_topics(doomed)
            async with asyncio.timeout(_SETTLE_S):
                while not {*doomed}.isdisjoint(await admin.list_topics()):  # noqa: ASYNC110 - as in _until_led
                    await asyncio.sleep(_POLL_S)


async def check_topics(bootstrap: str, catalogue: Iterable[Topic], partitions: int) -> list[str]:
    """What is wrong with the broker's topics, a sentence each; nothing if they are as `catalogue` says.

    Compares existence, partitions, cleanup policy, retention and the largest message; of the last three only
    what the broker tells.
    Looks whether every partition has a leader and all its replicas, and would not live on one disk alone.
    Raises `UnavailableError` if it does not answer.
    """
    topics = list(catalogue)
    async with _connected(AIOKafkaAdminClient, bootstrap) as admin:
        existing = set(await admin.list_topics())  # to ask for a topic by its name may create it
        names = [topic.name for topic in topics if topic.name in existing]
        partitions_of = await _partitions(admin, names)
        configs = await _configs(admin, names)
    problems = []
    for topic in topics:
        if topic.name in existing:
            found, config = partitions_of[topic.name], configs[topic.name]
            problems += _differences(topic, partitions, len(found), config)
            problems += weaknesses(topic.name, found, config)
        else:
            problems.append(f"{topic.name} is missing")
    return problems


async def _partitions(admin: AIOKafkaAdminClient, names: list[str]) -> dict[str, list[_Partition]]:
    described = await admin.describe_topics(names) if names else []
    return {topic["topic"]: topic["partitions"] for topic in described}


async def _configs(admin: AIOKafkaAdminClient, names: list[str]) -> dict[str, dict[str, str]]:
    """The settings that the broker tells, by topic: some brokers tell only those given at creation."""
    resources = [ConfigResource(ConfigResourceType.TOPIC, name) for name in names]
    configs: dict[str, dict[str, str]] = {name: {} for name in names}
    for response in await admin.describe_configs(resources) if names else []:
        for _code, _message, _type, name, entries in response.resources:
            configs[name] = {entry[0]: entry[1] for entry in entries}
    return configs


def _differences(topic: Topic, partitions: int, count: int, config: Mapping[str, str]) -> list[str]:
    wanted = topic.config
    cleanup = config.get("cleanup.policy", topic.cleanup)
    kept_ms = int(config.get("retention.ms", wanted["retention.ms"]))
    problems = []
    if count != partitions:
        problems.append(f"{topic.name} has {count} partitions, not {partitions}")
    if cleanup != topic.cleanup:
        problems.append(f"{topic.name} has cleanup.policy={cleanup}, not {topic.cleanup}")
    if topic.cleanup == "delete" and _is_shorter(kept_ms, topic.retention_ms):
        problems.append(f"{topic.name} has retention.ms={kept_ms}, less than {wanted['retention.ms']}")
    largest = int(config.get("max.message.bytes", MAX_MESSAGE_BYTES))
    if largest < MAX_MESSAGE_BYTES:
        problems.append(f"{topic.name} has max.message.bytes={largest}, less than {MAX_MESSAGE_BYTES}")
    return problems


def weaknesses(name: str, partitions: list[_Partition], config: Mapping[str, str]) -> list[str]:
    """What a broker that is away, or one more that goes, would do to the topic."""
    count = len(partitions)
    led = [one for one in partitions if _has_leader(one)]
    lacking = [one for one in led if len(one["isr"]) < len(one["replicas"])]
    replicas = min((len(one["replicas"]) for one in partitions), default=0)
    problems = []
    if len(led) < count:
        problems.append(f"{name} has no leader in {count - len(led)} of {count} partitions")
    if lacking:
        problems.append(f"{name} has replicas that are not in sync, in {len(lacking)} of {count} partitions")
    if replicas > 1 and config.get("min.insync.replicas") == "1":
        problems.append(f"{name} has {replicas} replicas and min.insync.replicas=1: one disk may be all")
    return problems


def _is_shorter(kept_ms: int, wanted_ms: int | None) -> bool:
    """-1 and None both mean: for ever."""
    return kept_ms >= 0 and (wanted_ms is None or kept_ms < wanted_ms)


async def end_offsets(bootstrap: str, topic: str) -> dict[int, int]:
    """For each partition of `topic`, the offset that its next record will get: `end_offsets_of` one."""
    return (await end_offsets_of(bootstrap, [topic]))[topic]


async def end_offsets_of(bootstrap: str, topics: Iterable[str]) -> dict[str, dict[int, int]]:
    """For each of `topics` and each of its partitions, the offset that its next record will get.

    Taken from the high watermark of a fetch and not from ListOffsets, which the embedded broker answers with
    the *first* offset of the last batch plus one. Raises `UnavailableError` if the broker does not answer, or
    lacks one of the topics.
    """
    names = [*topics]
    async with _connected(AIOKafkaAdminClient, bootstrap) as admin:
        if missing := {*names} - {*await admin.list_topics()}:
            raise UnavailableError(f"the broker at {bootstrap} has no topic {', '.join(sorted(missing))}")
        described = await _partitions(admin, names)
    ends: dict[str, dict[int, int]] = {name: {} for name in names}
    async with _connected(AIOKafkaConsumer, bootstrap, fetch_max_wait_ms=100) as consumer:
        partitions = [
            TopicPartition(name, number) for name in names for number in range(len(described[name]))
        ]
        for at, offset in (await _high_watermarks(consumer, partitions)).items():
            ends[at.topic][at.partition] = offset
    return ends


async def _high_watermarks(
    consumer: AIOKafkaConsumer, partitions: list[TopicPartition]
) -> dict[TopicPartition, int]:
    consumer.assign(partitions)
    for at, offset in (await consumer.end_offsets(partitions)).items():
        consumer.seek(at, offset)
    async with asyncio.timeout(_SETTLE_S):
        while any(consumer.highwater(at) is None for at in partitions):
            await consumer.getmany(timeout_ms=100)
    return {at: consumer.highwater(at) for at in partitions}


@asynccontextmanager
async def _connected(kind: type[Any], bootstrap: str, **options: Any) -> AsyncIterator[Any]:
    """A started client of `kind`. What goes wrong with the broker inside is an `UnavailableError`."""
    client = kind(bootstrap_servers=bootstrap, request_timeout_ms=_REQUEST_TIMEOUT_MS, **options)
    try:
        await client.start()
        yield client
    except (KafkaError, TimeoutError) as error:
        raise UnavailableError(f"the broker at {bootstrap}: {error!r}") from error
    finally:
        await (client.close() if kind is AIOKafkaAdminClient else client.stop())
