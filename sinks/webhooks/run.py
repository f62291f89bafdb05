"""Wiring of the webhooks: a consumer, a receiver and a feed for each subscription."""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack

import aiohttp
import structlog
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.errors import KafkaError

from schemas import log_events
from schemas.errors import UnavailableError
from schemas.settings import WebhookSettings
from schemas.topics import DEAD_LETTERS
from sinks.policy import Backoff
from sinks.process import new_producer, until_cancelled
from sinks.webhooks.courier import Courier, Step, nothing
from sinks.webhooks.feed import Feed
from sinks.webhooks.health import WebhookHealth
from sinks.webhooks.receiver import Receiver, sessions
from sinks.webhooks.retries import Retries
from sinks.webhooks.secrets import Secrets
from sinks.webhooks.subscriptions import Subscription

_LONGEST_WAIT_S = 60.0
_PARTITION_FETCH_BYTES = 256 << 10
_FETCH_BYTES = 4 << 20
# A batch may wait for a receiver for hours; that we are alive is told by heartbeats, and a rebalance ends it.
_BETWEEN_POLLS_MS = 24 * 3_600_000

_log = structlog.get_logger()


async def run_webhooks(
    settings: WebhookSettings,
    subscriptions: Sequence[Subscription],
    secrets: Mapping[str, Secrets],
    *,
    health: WebhookHealth | None = None,
    after: Callable[[Step], None] = nothing,
) -> None:
    """Deliver until the task is cancelled; then wait for requests on their way, commit, leave the groups.

    `secrets` are by the id of the subscription; `after` is told each step done. Raises `UnavailableError` if
    Kafka does not answer at start.
    """
    health = health or WebhookHealth()
    health.started(one.id for one in subscriptions)
    stop = asyncio.Event()
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(sessions(settings.webhook_timeout_s))
        producer = new_producer(settings)
        stack.push_async_callback(producer.stop)
        await _started(producer)
        feeds, consumers = [], []
        for one in subscriptions:
            consumer = _consumer(settings, one)
            courier = _courier(settings, one, secrets[one.id], session, producer, health, after)
            feed = Feed(one, consumer, courier, health, settings.topic_epoch, after)
            consumer.subscribe(sorted({*one.topics, DEAD_LETTERS.name}), listener=feed)
            stack.push_async_callback(consumer.stop)
            consumers.append(consumer)
            feeds.append(feed)
        await asyncio.gather(*map(_started, consumers))  # each waits for its group
        _log.info(log_events.WEBHOOKS_STARTED, subscriptions=[one.id for one in subscriptions])
        try:
            await until_cancelled(_all(feeds, stop), stop)
        finally:
            _log.info(log_events.WEBHOOKS_STOPPED)


async def _all(feeds: Sequence[Feed], stop: asyncio.Event) -> None:
    async with asyncio.TaskGroup() as group:
        group.create_task(stop.wait())  # without subscriptions there is nothing else to wait for
        for feed in feeds:
            group.create_task(feed.run(stop))


async def _started(client: AIOKafkaConsumer | AIOKafkaProducer) -> None:
    try:
        await client.start()
    except KafkaError as error:
        raise UnavailableError(f"Kafka: {error!r}") from error


def _courier(
    settings: WebhookSettings,
    one: Subscription,
    secrets: Secrets,
    session: aiohttp.ClientSession,
    producer: AIOKafkaProducer,
    health: WebhookHealth,
    after: Callable[[Step], None],
) -> Courier:
    backoff = Backoff(settings.webhook_backoff_s, max(settings.webhook_backoff_s, _LONGEST_WAIT_S))
    retries = Retries(backoff, settings.webhook_retry_after_max_s)
    seconds = health.metrics.attempt_seconds.labels(one.id)
    receiver = Receiver(session, one.url, secrets, settings.webhook_in_flight, seconds)
    return Courier(receiver, producer, retries, health.metrics, lambda: time.time_ns() // 1000, after)


def _consumer(settings: WebhookSettings, one: Subscription) -> AIOKafkaConsumer:
    """A group for each subscription: what one is slow with, the others do not notice."""
    return AIOKafkaConsumer(
        bootstrap_servers=settings.kafka_bootstrap_servers,
        group_id=f"{settings.webhook_group_id}-{one.id}",
        enable_auto_commit=False,
        auto_offset_reset=one.start,
        session_timeout_ms=int(settings.session_timeout_s * 1000),
        heartbeat_interval_ms=int(settings.heartbeat_s * 1000),
        rebalance_timeout_ms=int((settings.session_timeout_s + settings.webhook_timeout_s) * 1000),
        max_poll_interval_ms=_BETWEEN_POLLS_MS,
        max_partition_fetch_bytes=_PARTITION_FETCH_BYTES,
        fetch_max_bytes=_FETCH_BYTES,
    )
