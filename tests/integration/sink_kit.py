"""What the sink's integration tests share: topics with a fresh start, records, a sink that runs beside."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import TopicAlreadyExistsError
from clickhouse_connect.driver.client import Client

from schemas import codec
from schemas.examples import EXAMPLES
from schemas.settings import SinkSettings
from schemas.topics import CATALOGUE, Topic
from sinks.clickhouse import connect
from sinks.health import SinkHealth
from sinks.migrate import migrate
from sinks.rounds import Step
from sinks.run import run_sink
from sinks.tables import BY_TOPIC

PARTITIONS = 4


@dataclass(frozen=True, slots=True)
class Sent:
    """A record to send: a value of None is a tombstone."""

    topic: Topic
    value: bytes | None
    partition: int = 0
    key: str = "someone"
    version: int | None = None


def example(topic: Topic, **changes: Any) -> bytes:
    """The topic's example with some fields changed, encoded."""
    return codec.encode(topic, {**EXAMPLES[topic.name], **changes})


def headers(version: int | None) -> list[tuple[str, bytes]]:
    """The headers that every record carries."""
    always = [("correlation_id", b"delivery")]
    return always if version is None else [*always, ("version", str(version).encode())]


class Topics:
    """The catalogue's topics on a broker that others may use too: a new group starts behind what is there."""

    def __init__(self, bootstrap: str, producer: Any) -> None:
        self._bootstrap = bootstrap
        self._producer = producer

    async def send(self, records: Sequence[Sent]) -> list[int]:
        """Send in order; the offsets that the records got."""
        sent = [
            await self._producer.send(
                record.topic.name,
                record.value,
                key=record.key.encode(),
                partition=record.partition,
                headers=headers(record.version),
            )
            for record in records
        ]
        return [metadata.offset for metadata in await asyncio.gather(*sent)]

    async def new_group(self) -> str:
        """A consumer group that starts behind everything sent so far."""
        group = f"sink-{uuid4().hex}"
        places = [(name, number) for name in BY_TOPIC for number in range(PARTITIONS)]
        marks = [await self._producer.send(name, b"mark", partition=number) for name, number in places]
        ends = {
            TopicPartition(*place): (await mark).offset + 1 for place, mark in zip(places, marks, strict=True)
        }
        consumer = AIOKafkaConsumer(
            bootstrap_servers=self._bootstrap, group_id=group, enable_auto_commit=False
        )
        await consumer.start()
        consumer.assign(list(ends))
        await consumer.commit(ends)
        await consumer.stop()
        return group


@asynccontextmanager
async def open_topics(bootstrap: str) -> AsyncIterator[Topics]:
    """The topics, made where they are missing."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    with suppress(TopicAlreadyExistsError):
        await admin.create_topics([NewTopic(topic.name, PARTITIONS, 1) for topic in CATALOGUE])
    await admin.close()
    async with AIOKafkaProducer(bootstrap_servers=bootstrap, enable_idempotence=False) as producer:
        yield Topics(bootstrap, producer)


@dataclass(frozen=True, slots=True)
class World:
    """Topics, and a database of its own with all migrations."""

    bootstrap: str
    dsn: str
    database: str
    topics: Topics
    client: Client

    async def settings(self, **changes: Any) -> SinkSettings:
        """Settings of a sink in a new group, quick to join and to write."""
        group = changes.pop("sink_group_id", None) or await self.topics.new_group()
        values = {
            "kafka_bootstrap_servers": self.bootstrap,
            "clickhouse_dsn": self.dsn,
            "clickhouse_database": self.database,
            "sink_group_id": group,
            "session_timeout_s": 6,
            "heartbeat_s": 1,
            "flush_age_s": 0.2,
            "producer_idempotence": False,
        }
        return SinkSettings.model_validate({**values, **changes})

    def value(self, query: str) -> Any:
        """The one value that `query` gives."""
        return self.client.query(query).result_rows[0][0]

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """The rows that `query` gives."""
        return [tuple(row) for row in self.client.query(query).result_rows]

    def count_through_view(self, table: str, key: str) -> None:
        """Count the rows of `table` by `key` in a materialized view: `counted_<table>` (key, n)."""
        self.client.command(
            f"CREATE TABLE counted_{table} (key Int32, n SimpleAggregateFunction(sum, UInt64)) "
            "ENGINE = AggregatingMergeTree ORDER BY key SETTINGS non_replicated_deduplication_window = 10000"
        )
        self.client.command(
            f"CREATE MATERIALIZED VIEW count_{table} TO counted_{table} "
            f"AS SELECT {key} AS key, count() AS n FROM {table} GROUP BY key"
        )


@asynccontextmanager
async def open_world(bootstrap: str, dsn: str) -> AsyncIterator[World]:
    """A world of its own for one test."""
    database = f"test_{uuid4().hex}"
    client = connect(dsn)
    migrate(client, database)
    async with open_topics(bootstrap) as topics:
        yield World(bootstrap, dsn, database, topics, client)
    client.command(f"DROP DATABASE {database}")
    client.close()


def _nothing(_: Step) -> None:
    """Nobody watches."""


@asynccontextmanager
async def running(
    settings: SinkSettings, after: Callable[[Step], None] = _nothing
) -> AsyncIterator[SinkHealth]:
    """A sink that runs until the block ends, then stops gracefully. Its faults are raised at the end."""
    health = SinkHealth()
    task = asyncio.create_task(run_sink(settings, health=health, after=after))
    try:
        yield health
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def eventually(holds: Callable[[], bool], timeout_s: float = 30.0) -> None:
    """Return once `holds()`; fail after `timeout_s` seconds."""
    deadline = time.monotonic() + timeout_s
    while not holds():
        assert time.monotonic() < deadline, "it did not happen in time"
        await asyncio.sleep(0.05)


class Cable:
    """A TCP connection to the server at `dsn` that can be cut and mended; `port` is our end of it."""

    port: int

    def __init__(self, dsn: str) -> None:
        self._address = urlsplit(dsn)
        self._whole = True
        self._ends: set[asyncio.StreamWriter] = set()

    @property
    def dsn(self) -> str:
        """The server's DSN by way of this cable."""
        login = f"{user}@" if (user := self._address.netloc.rpartition("@")[0]) else ""
        return f"{self._address.scheme}://{login}127.0.0.1:{self.port}"

    @asynccontextmanager
    async def laid(self) -> AsyncIterator["Cable"]:
        """The cable for as long as the block runs."""
        server = await asyncio.start_server(self._connect, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            self.cut()
            server.close()

    def cut(self) -> None:
        """Drop every connection, and those to come."""
        self._whole = False
        for end in self._ends:
            end.close()

    def mend(self) -> None:
        """Let connections through again."""
        self._whole = True

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not self._whole:
            writer.close()
            return
        far_reader, far_writer = await asyncio.open_connection(self._address.hostname, self._address.port)
        ends = {writer, far_writer}
        self._ends |= ends
        await asyncio.gather(_pump(reader, far_writer), _pump(far_reader, writer))
        self._ends -= ends


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while data := await reader.read(1 << 16):
            writer.write(data)
            await writer.drain()
    writer.close()
