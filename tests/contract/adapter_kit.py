"""The receiver served on loopback, senders that talk to it, and the log read back."""

import asyncio
import json
import threading
import time
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from aiokafka import AIOKafkaConsumer, TopicPartition

from lrs_adapter.access.secret_hash import hash_secret
from lrs_adapter.app import create_app
from lrs_adapter.http.tls import tls_of
from lrs_adapter.server import bind, server_for
from schemas.codec import decode
from schemas.settings import AdapterSettings
from schemas.spans import OpenSpan, no_span
from schemas.topics import DEAD_LETTERS, STATEMENTS, Topic
from tests.services.kafka import PARTITIONS, Kafka

Record = Any
"""A consumer record of aiokafka."""

TENANT_KEY = "a key for tests alone"
SECRET = "a secret for tests: with a colon"
PREFIX = "/xapi"
ONE, TWO = "/v1/xapi", "/v2/xapi"
MOUNTS = f"{PREFIX}, {ONE}=1.0, {TWO}=2.0"
BODY_LIMIT = 1 << 20

_CREDENTIALS: list[dict[str, Any]] = [
    {"name": "strict", "mode": "strict", "scopes": ["statements/write", "statements/void"]},
    {"name": "lenient", "mode": "lenient", "scopes": ["all"], "default_version": "1.0.3"},
    {"name": "writer", "mode": "strict", "scopes": ["statements/write"]},
    {"name": "reader", "mode": "strict", "scopes": ["statements/write", "statements/read/mine"]},
    {"name": "auditor", "mode": "strict", "scopes": ["all"]},
    {"name": "voider", "mode": "strict", "scopes": ["statements/void"]},
    {"name": "forwarder", "mode": "lenient", "scopes": ["statements/write"], "accept_good": True},
    {"name": "slow", "scopes": ["all"], "rate_limit": {"per_second": 0.01, "burst": 10}},
    {"name": "local", "scopes": ["all"], "mounts": [PREFIX]},
]


@dataclass(frozen=True, slots=True)
class Adapter:
    """A receiver that serves, and the broker behind it."""

    url: str
    kafka: Kafka
    attachments: Path

    def sender(
        self, name: str = "strict", version: str | None = "1.0.3", mount: str = PREFIX, **headers: str
    ) -> httpx.Client:
        """A client with the credential `name`; each has a correlation id of its own."""
        given = {"X-Correlation-ID": uuid.uuid4().hex, **headers}
        if version is not None:
            given["X-Experience-API-Version"] = version
        base = f"{self.url}{mount}"
        return httpx.Client(base_url=base, auth=(name, SECRET), headers=given, timeout=30)

    def recorded(self, sender: httpx.Client) -> list[Record]:
        """What stands in the log of what `sender` sent, by partition and offset.

        A void goes to every partition: when the last one has it, nothing sent earlier can be missing.
        """
        return self._told_by(sender, self._found())

    def dead_letters(self, sender: httpx.Client) -> list[dict[str, Any]]:
        """The dead letters of what `sender` sent, once its answers have come."""
        found = asyncio.run(all_records(self.kafka.bootstrap, topic=DEAD_LETTERS))
        return [decode(DEAD_LETTERS, record.value) for record in self._told_by(sender, found)]

    def _found(self) -> list[Record]:
        mark = uuid.uuid4().hex
        with self.sender() as marker:
            marker.headers["X-Correlation-ID"] = mark
            marker.post("/statements", json=void_of(new_id())).raise_for_status()
        return asyncio.run(_read_until(self.kafka.bootstrap, mark))

    @staticmethod
    def _told_by(sender: httpx.Client, found: list[Record]) -> list[Record]:
        wanted = sender.headers["X-Correlation-ID"].encode()
        return [record for record in found if ("correlation_id", wanted) in record.headers]


def new_id() -> str:
    """A statement id."""
    return str(uuid.uuid4())


def statement(**changes: Any) -> dict[str, Any]:
    """A valid statement with an id of its own."""
    return {
        "id": new_id(),
        "actor": {"mbox": f"mailto:{uuid.uuid4().hex}@example.com"},
        "verb": {"id": "http://adlnet.gov/expapi/verbs/completed"},
        "object": {"id": "https://learn.example.com/course/1"},
        **changes,
    }


def void_of(target: str) -> dict[str, Any]:
    """A statement that voids `target`."""
    verb = {"id": "http://adlnet.gov/expapi/verbs/voided"}
    return statement(verb=verb, object={"objectType": "StatementRef", "id": target})


def decoded(record: Record) -> dict[str, Any]:
    """The record's value."""
    return decode(STATEMENTS, record.value)


def settings_for(kafka: Kafka, home: Path, **changes: Any) -> AdapterSettings:
    """Settings for a receiver on a free port, with the credentials of this kit."""
    return AdapterSettings(
        **{
            "kafka_bootstrap_servers": kafka.bootstrap,
            "producer_idempotence": not kafka.is_embedded,
            "tenant_key": TENANT_KEY,
            "port": 0,
            "mounts": MOUNTS,
            "credentials_file": credentials_file(home),
            "attachments_dir": home / "attachments",
            "body_limit_bytes": BODY_LIMIT,
            "batch_limit": 500,
            **changes,
        }
    )


def credentials_file(home: Path) -> Path:
    """Write the kit's credentials; the key of each is its name."""
    secret = hash_secret(SECRET)
    listed = [{**credential, "key": credential["name"], "secret": secret} for credential in _CREDENTIALS]
    path = home / "credentials.json"
    path.write_text(json.dumps({"credentials": listed}), encoding="utf-8")
    return path


@contextmanager
def serving(settings: AdapterSettings, kafka: Kafka, open_span: OpenSpan = no_span) -> Iterator[Adapter]:
    """Serve in a thread until the block ends; ready for requests on entry, whether Kafka is or not."""
    tls = tls_of(settings)
    server = server_for(create_app(settings, open_span=open_span), tls)
    scheme = "http" if tls is None else "https"
    with bind(settings.host, settings.port) as listener:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            url = f"{scheme}://127.0.0.1:{listener.getsockname()[1]}"
            adapter = Adapter(url, kafka, settings.attachments_dir)
            until(lambda: server.started, 10)
            yield adapter
        finally:
            server.should_exit = True
            thread.join()


def is_ready(adapter: Adapter) -> bool:
    """Whether the receiver has found Kafka."""
    return httpx.get(f"{adapter.url}/readyz").status_code == 200


def until(condition: Callable[[], bool], within_s: float) -> None:
    """Wait until `condition()`."""
    deadline = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.02)


async def all_records(bootstrap: str, settle_s: float = 1.0, topic: Topic = STATEMENTS) -> list[Record]:
    """Everything in the topic, once nothing more has come for `settle_s` seconds."""
    async with _consumer(bootstrap, topic) as consumer:
        found: list[Record] = []
        while batches := await consumer.getmany(timeout_ms=int(settle_s * 1000)):
            found += [record for records in batches.values() for record in records]
        return found


async def _read_until(bootstrap: str, mark: str) -> list[Record]:
    waiting = set(range(PARTITIONS))
    found: list[Record] = []
    async with asyncio.timeout(20), _consumer(bootstrap, STATEMENTS) as consumer:
        while waiting:
            for records in (await consumer.getmany(timeout_ms=500)).values():
                found += records
                waiting -= {r.partition for r in records if ("correlation_id", mark.encode()) in r.headers}
    return sorted(found, key=lambda record: (record.partition, record.offset))


@asynccontextmanager
async def _consumer(bootstrap: str, topic: Topic) -> AsyncIterator[Any]:
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap, auto_offset_reset="earliest")
    await consumer.start()
    try:
        partitions = [TopicPartition(topic.name, number) for number in range(PARTITIONS)]
        consumer.assign(partitions)
        await consumer.seek_to_beginning(*partitions)
        yield consumer
    finally:
        await consumer.stop()
