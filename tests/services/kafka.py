"""The Kafka broker of a test run: which one, and how it comes and goes."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from aiokafka.admin import AIOKafkaAdminClient

from readystream.embedded.broker import SETTINGS, EmbeddedBroker
from readystream.topics import create_topics
from schemas.errors import ConfigError
from schemas.topics import CATALOGUE
from tests.services.apache_kafka.node import ApacheKafka
from tests.services.containers import docker_answers, kafka_container

KafkaKind = Literal["address", "apache", "container", "embedded"]
Broker = EmbeddedBroker | ApacheKafka

PARTITIONS = 4
ADDRESS_VARIABLE = "KAFKA_BOOTSTRAP_SERVERS"
_GONE_WITHIN_S = 15.0
_POLL_S = 0.05


@dataclass(frozen=True, slots=True)
class Kafka:
    """A broker that serves: its address, what it is, and what our processes must be told about it.

    `kept` names the topics that were there before us: tests leave them alone.
    """

    bootstrap: str
    kind: KafkaKind
    settings: Mapping[str, str] = field(default_factory=dict)
    kept: frozenset[str] = frozenset()

    @property
    def is_embedded(self) -> bool:
        """Whether it has the embedded broker's limits."""
        return self.kind == "embedded"

    @property
    def session_timeout_s(self) -> int:
        """The shortest session of a group's member that tests may ask it for."""
        return 2 if self.kind in {"apache", "embedded"} else 6  # the least that Kafka takes unless it is told

    @property
    def environment(self) -> dict[str, str]:
        """The environment of a process of ours that is to use it."""
        return {ADDRESS_VARIABLE: self.bootstrap, "READYSTREAM_PARTITIONS": str(PARTITIONS), **self.settings}


def choose(option: str) -> KafkaKind:
    """The kind to use: the environment's address, else what `--kafka` says, else the best there is."""
    if os.environ.get(ADDRESS_VARIABLE):
        return "address"
    match option:
        case "apache" | "container" | "embedded":
            return option
        case _:
            return "container" if docker_answers() else "embedded"


@contextmanager
def running(kind: KafkaKind, home: Path) -> Iterator[Kafka]:
    """A broker of that kind with its files in `home`, until the block ends."""
    match kind:
        case "address":
            with _borrowed(os.environ[ADDRESS_VARIABLE]) as borrowed:
                yield borrowed
        case "container":
            with kafka_container() as bootstrap:
                yield Kafka(bootstrap, kind)
        case "apache" | "embedded":
            with new_broker(kind, home) as broker:
                yield describe(broker)


@contextmanager
def _borrowed(bootstrap: str) -> Iterator[Kafka]:
    """Somebody's broker: refused if it has topics that tests would delete, left as it was."""
    with ThreadPoolExecutor(1) as pool:  # a thread of its own: the caller may be inside an event loop
        kept = frozenset(pool.submit(asyncio.run, _other_topics(bootstrap, frozenset())).result())
        if ours := sorted(kept & {topic.name for topic in CATALOGUE}):
            raise ConfigError(ADDRESS_VARIABLE, [f"{bootstrap} has topics that tests would delete: {ours}"])
        borrowed = Kafka(bootstrap, "address", kept=kept)
        try:
            yield borrowed
        finally:
            pool.submit(asyncio.run, delete_topics(borrowed)).result()


def new_broker(kind: KafkaKind, home: Path) -> Broker:
    """A broker of its own, not started: Apache Kafka where that was asked for, else the embedded one."""
    return ApacheKafka(home / "kafka") if kind == "apache" else EmbeddedBroker(home / "broker.log")


def describe(broker: Broker) -> Kafka:
    """`broker` as tests see it."""
    if isinstance(broker, EmbeddedBroker):
        return Kafka(broker.bootstrap, "embedded", SETTINGS)
    return Kafka(broker.bootstrap, "apache")


async def empty_catalogue(kafka: Kafka) -> None:
    """Delete the topics that tests made, and make those of the catalogue, with `PARTITIONS` partitions."""
    await delete_topics(kafka)
    await create_topics(kafka.bootstrap, CATALOGUE, PARTITIONS, replication=1)


async def delete_topics(kafka: Kafka) -> None:
    """Delete the topics that tests made, and return once the broker tells of none."""
    if names := await _other_topics(kafka.bootstrap, kafka.kept):
        async with _admin(kafka.bootstrap) as admin:
            await admin.delete_topics(names)
    async with asyncio.timeout(_GONE_WITHIN_S):
        while await _other_topics(kafka.bootstrap, kafka.kept):  # noqa: ASYNC110 - the broker says it late
            await asyncio.sleep(_POLL_S)


async def _other_topics(bootstrap: str, known: frozenset[str]) -> list[str]:
    async with _admin(bootstrap) as admin:
        return [name for name in await admin.list_topics() if not name.startswith("__") and name not in known]


@asynccontextmanager
async def _admin(bootstrap: str) -> AsyncIterator[AIOKafkaAdminClient]:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        yield admin
    finally:
        await admin.close()
