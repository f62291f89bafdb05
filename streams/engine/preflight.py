"""Checking topics before a worker joins its group.

Partitions must be equal in number everywhere: a row's changelog partition is that of the record that
caused it, and the topics of a stage are read side by side.
"""

from collections.abc import Iterable

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from schemas.errors import ConfigError, UnavailableError
from streams.engine.config import EngineConfig


async def check_topics(config: EngineConfig, sources: Iterable[str], changelogs: Iterable[str]) -> None:
    """Raise `ConfigError` if a source topic is missing or any topic has another number of partitions.

    A changelog may be missing: it is made. Raises `UnavailableError` if the broker does not answer.
    """
    counts = await _partition_counts(config.bootstrap_servers, {*sources, *changelogs})
    missing = [f"topic {topic} does not exist" for topic in sources if topic not in counts]
    uneven = [
        f"topic {topic} has {count} partitions instead of {config.partitions}"
        for topic, count in counts.items()
        if count != config.partitions
    ]
    if missing or uneven:
        raise ConfigError("the broker", missing + uneven)


async def _partition_counts(bootstrap: str, wanted: set[str]) -> dict[str, int]:
    """Partitions of those topics that exist. Asking a broker about a topic by name may create it."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    try:
        await admin.start()
        existing = sorted(wanted.intersection(await admin.list_topics()))
        described = await admin.describe_topics(existing) if existing else []
        return {topic["topic"]: len(topic["partitions"]) for topic in described}
    except KafkaError as error:
        raise UnavailableError(f"{bootstrap} does not answer: {error}") from error
    finally:
        await admin.close()
