"""What the processes of this package have in common: a producer, and a stop that finishes what was begun."""

import asyncio
import gc
from collections.abc import Coroutine
from typing import Any

from aiokafka import AIOKafkaProducer

from schemas.settings import KafkaSettings
from schemas.topics import MAX_MESSAGE_BYTES


def collect_seldom() -> None:
    """Collect cycles rarely: records in hand are many objects and hardly any cycle.

    What was imported stays for good and is not looked through again. For the start of a process.
    """
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def new_producer(settings: KafkaSettings) -> AIOKafkaProducer:
    """A producer that is not started yet, and answers once all in-sync replicas have a record."""
    return AIOKafkaProducer(
        bootstrap_servers=settings.kafka_bootstrap_servers,
        acks="all",
        enable_idempotence=settings.producer_idempotence,
        max_request_size=MAX_MESSAGE_BYTES,
    )


async def until_cancelled(work: Coroutine[Any, Any, None], stop: asyncio.Event) -> None:
    """Do `work`. When the task is cancelled, set `stop` and let the work come to its end first."""
    task = asyncio.create_task(work)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        stop.set()
        await task
        raise
