"""One delivery from the first try to its end: taken by the receiver, or kept as a dead letter."""

import asyncio
import random
import time
from collections.abc import Callable
from enum import Enum, auto
from typing import Any

import structlog
from aiokafka.errors import KafkaError

from schemas import log_events
from schemas.dead_letter import DeadLetter
from schemas.headers import headers
from schemas.metrics import DELIVERED, NOT_DELIVERED, WebhookMetrics
from schemas.topics import DEAD_LETTERS
from sinks.policy import Backoff
from sinks.webhooks.delivery import Delivery
from sinks.webhooks.receiver import Receiver
from sinks.webhooks.retries import Answer, Retries

_log = structlog.get_logger()
_KAFKA_BACKOFF = Backoff()


class Step(Enum):
    """What has just been done."""

    DELIVERED = auto()
    LETTER = auto()
    COMMIT = auto()


def nothing(_: Step) -> None:
    """Nobody watches."""


class Courier:
    """Delivers to one receiver. `now_us` stamps letters; `after` is told each step done."""

    def __init__(
        self,
        receiver: Receiver,
        producer: Any,
        retries: Retries,
        metrics: WebhookMetrics,
        now_us: Callable[[], int],
        after: Callable[[Step], None] = nothing,
    ) -> None:
        self._receiver = receiver
        self._producer = producer
        self._retries = retries
        self._metrics = metrics
        self._now_us = now_us
        self._after = after
        self._not_before = 0.0  # monotonic: the receiver asked to be left alone until then

    async def settle(self, one: Delivery, halt: asyncio.Event) -> bool:
        """Bring it to its end. False if `halt` was set first: then it is to be begun anew."""
        tries = 0
        while await _pause(self._not_before - time.monotonic(), halt):
            tries += 1
            answer = await self._receiver.post(one)
            if answer.is_delivered:
                self._ended(one, DELIVERED, Step.DELIVERED)
                return True
            wait_s = self._retries.wait_s(answer, tries, random.random())  # noqa: S311 - jitter
            if wait_s is None:
                return await self._give_up(one, answer, tries, halt)
            self._hold(answer)
            self._metrics.retries.labels(one.subscription).inc()
            _log.warning(log_events.WEBHOOK_RETRY, answer=str(answer), wait_s=wait_s, **_named(one))
            if not await _pause(wait_s, halt):
                return False
        return False

    def _hold(self, answer: Answer) -> None:
        """A receiver that wants to be left alone is left alone with all its events."""
        self._not_before = max(self._not_before, time.monotonic() + self._retries.asked_s(answer))

    async def _give_up(self, one: Delivery, answer: Answer, tries: int, halt: asyncio.Event) -> bool:
        reason = "undelivered" if answer.is_worth_a_retry else "refused"
        letter = one.letter(reason, f"{answer} at try {tries}", self._now_us())
        if not await self._keep(letter, halt):
            return False
        _log.error(log_events.WEBHOOK_DEAD_LETTER, answer=str(answer), letter=letter.id, **_named(one))
        self._ended(one, NOT_DELIVERED, Step.LETTER)
        return True

    async def _keep(self, letter: DeadLetter, halt: asyncio.Event) -> bool:
        """Send the letter until the broker has acknowledged it, or `halt` is set."""
        failures = 0
        told = list(headers(DEAD_LETTERS, letter.correlation_id))
        while not halt.is_set():
            try:
                await self._producer.send_and_wait(
                    DEAD_LETTERS.name, letter.encode(), key=letter.key, headers=told
                )
            except KafkaError as error:
                failures += 1
                _log.warning(log_events.WEBHOOK_KAFKA_WAITING, error=repr(error), failures=failures)
                await _pause(_KAFKA_BACKOFF.delay_s(failures, random.random()), halt)  # noqa: S311 - jitter
            else:
                return True
        return False

    def _ended(self, one: Delivery, outcome: str, step: Step) -> None:
        self._metrics.deliveries.labels(one.subscription, outcome).inc()
        self._after(step)


async def _pause(seconds: float, halt: asyncio.Event) -> bool:
    """Wait so long; False as soon as `halt` is set."""
    if seconds > 0:
        try:
            await asyncio.wait_for(halt.wait(), seconds)
        except TimeoutError:
            return True
    return not halt.is_set()


def _named(one: Delivery) -> dict[str, str]:
    return {"subscription": one.subscription, "id": one.id, "correlation_id": one.correlation_id}
