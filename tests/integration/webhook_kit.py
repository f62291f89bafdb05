"""What the tests of webhooks share: receivers that answer as they are told, and a process that delivers."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import orjson
from aiohttp import web
from aiokafka import AIOKafkaProducer

from lrs_adapter.access.webhook_signature import Seal, read_seal
from schemas.settings import WebhookSettings
from schemas.topics import Topic
from sinks.webhooks.courier import Step, nothing
from sinks.webhooks.health import WebhookHealth
from sinks.webhooks.run import run_webhooks
from sinks.webhooks.subscriptions import Subscription
from tests.integration.sink_kit import eventually, example
from tests.services.kafka import Kafka
from tests.unit.webhooks.samples import SECRET, subscription

Answers = Callable[[str, int], web.Response]
"""What to answer an event, given its id and how often it came."""


def fine(_id: str, _tries: int) -> web.Response:
    """Take everything."""
    return web.Response(status=204)


@dataclass(slots=True)
class Receiver:
    """A receiver on this machine: `ids` of what it took, in order; `tries` by id; `times` of requests."""

    answers: Answers = fine
    url: str = ""
    ids: list[str] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    tries: Counter[str] = field(default_factory=Counter)
    times: list[float] = field(default_factory=list)
    open: asyncio.Event = field(default_factory=asyncio.Event)
    pause_s: float = 0.0

    def __post_init__(self) -> None:
        self.open.set()

    async def take(self, request: web.Request) -> web.Response:
        """Check the signature as the HR webhook does, then answer."""
        body = await request.read()
        headers = {name.lower(): value for name, value in request.headers.items()}
        seal = read_seal(headers, time.time())
        assert isinstance(seal, Seal)
        assert seal.fits(body, [SECRET.encode()])
        assert headers["content-type"].startswith("application/cloudevents+json")
        self.times.append(time.monotonic())
        self.tries[seal.id] += 1
        await self.open.wait()
        await asyncio.sleep(self.pause_s)
        answer = self.answers(seal.id, self.tries[seal.id])
        if answer.status < 300:
            self.ids.append(seal.id)
            self.events.append(orjson.loads(body))
        return answer


@asynccontextmanager
async def receiving(answers: Answers = fine) -> AsyncIterator[Receiver]:
    """A receiver that serves while the block runs."""
    one = Receiver(answers)
    app = web.Application()
    app.add_routes([web.post("/hooks", one.take)])
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        one.url = "http://{}:{}/hooks".format(*runner.addresses[0])
        yield one
    finally:
        one.open.set()
        await runner.cleanup()


def to(receiver: Receiver, **changes: Any) -> Subscription:
    """A subscription to everything that the topics of readiness hold and will hold."""
    return subscription(**{"url": receiver.url, "start": "earliest", **changes})


@asynccontextmanager
async def delivering(
    kafka: Kafka, *subscriptions: Subscription, after: Callable[[Step], None] = nothing, **changes: Any
) -> AsyncIterator[WebhookHealth]:
    """A process that delivers until the block ends, then stops gracefully."""
    health = WebhookHealth()
    task = asyncio.create_task(delivered(kafka, *subscriptions, health=health, after=after, **changes))
    try:
        await eventually(lambda: health.ready or task.done())
        yield health
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def delivered(
    kafka: Kafka,
    *subscriptions: Subscription,
    health: WebhookHealth | None = None,
    after: Callable[[Step], None] = nothing,
    **changes: Any,
) -> None:
    """A process that delivers until it is cancelled, or its fault is raised."""
    secrets = {one.id: (SECRET.encode(),) for one in subscriptions}
    await run_webhooks(settings(kafka, **changes), subscriptions, secrets, health=health, after=after)


def settings(kafka: Kafka, **changes: Any) -> WebhookSettings:
    """Settings of a process that is quick to join and to try again."""
    values = {
        "kafka_bootstrap_servers": kafka.bootstrap,
        "session_timeout_s": kafka.session_timeout_s,
        "heartbeat_s": 0.5,
        "webhook_backoff_s": 0.01,
        "producer_idempotence": not kafka.is_embedded,
    }
    return WebhookSettings.model_validate({**values, **changes})


async def publish(
    kafka: Kafka, topic: Topic, values: Sequence[Mapping[str, Any] | None], key: str, partition: int = 0
) -> None:
    """Send records of one key, in order; None is a tombstone."""
    async with AIOKafkaProducer(bootstrap_servers=kafka.bootstrap) as producer:
        for value in values:
            await producer.send_and_wait(
                topic.name,
                None if value is None else example(topic, **value),
                key=key.encode(),
                partition=partition,
                headers=[("correlation_id", b"delivery"), ("version", b"9")],
            )
