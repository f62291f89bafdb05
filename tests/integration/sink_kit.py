"""What the sink's integration tests share: a broker and a database, records, a sink that runs beside."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from aiokafka import AIOKafkaProducer
from clickhouse_connect.driver.client import Client

from schemas import codec
from schemas.examples import EXAMPLES
from schemas.settings import SinkSettings
from schemas.topics import Topic
from sinks.clickhouse import connect
from sinks.health import SinkHealth
from sinks.migrate import migrate
from sinks.rounds import Step
from sinks.run import run_sink
from tests.services.clickhouse import Database
from tests.services.kafka import Kafka


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


@dataclass(frozen=True, slots=True)
class World:
    """A broker with empty topics and a database with all migrations."""

    kafka: Kafka
    database: Database
    client: Client

    def settings(self, **changes: Any) -> SinkSettings:
        """Settings of a sink that is quick to join and to write."""
        values = {
            "kafka_bootstrap_servers": self.kafka.bootstrap,
            "clickhouse_dsn": self.database.dsn,
            "clickhouse_database": self.database.name,
            "sink_group_id": f"sink-{self.database.name}",
            "session_timeout_s": self.kafka.session_timeout_s,
            "heartbeat_s": 0.5,
            "flush_age_s": 0.2,
            "producer_idempotence": not self.kafka.is_embedded,
        }
        return SinkSettings.model_validate({**values, **changes})

    async def send(self, records: Sequence[Sent]) -> list[int]:
        """Send in order; the offsets that the records got."""
        async with AIOKafkaProducer(bootstrap_servers=self.kafka.bootstrap) as producer:
            sent = [
                await producer.send(
                    record.topic.name,
                    record.value,
                    key=record.key.encode(),
                    partition=record.partition,
                    headers=_headers(record.version),
                )
                for record in records
            ]
            return [metadata.offset for metadata in await asyncio.gather(*sent)]

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


def _headers(version: int | None) -> list[tuple[str, bytes]]:
    always = [("correlation_id", b"delivery")]
    return always if version is None else [*always, ("version", str(version).encode())]


@contextmanager
def world_of(kafka: Kafka, database: Database) -> Iterator[World]:
    """The world of one test."""
    client = connect(database.dsn)
    migrate(client, database.name)
    yield World(kafka, database, client)
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


class CrashError(Exception):
    """Ends the sink as a fault that it does not know."""


class CrashAfter:
    """Raises when `step` has been done for the nth time."""

    def __init__(self, step: Step, nth: int = 1) -> None:
        self._step = step
        self._left = nth

    def __call__(self, step: Step) -> None:
        if step is self._step:
            self._left -= 1
            if self._left == 0:
                raise CrashError(step.name)


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
