"""Dead letters of the sink: what it cannot turn into rows goes back to Kafka, whole, with the reason."""

import asyncio
from collections.abc import Callable, Iterable
from typing import Any

from aiokafka.errors import KafkaError

from schemas.dead_letter import DeadLetter, attempt_of
from schemas.errors import UnavailableError
from schemas.headers import TRACEPARENT, headers
from schemas.topics import DEAD_LETTERS
from sinks.records import RefusedRecord

WHERE = "sink"


class LetterBox:
    """Sends dead letters. `now_us` stamps them, microseconds since the epoch."""

    def __init__(self, producer: Any, now_us: Callable[[], int]) -> None:
        self._producer = producer
        self._now_us = now_us

    async def send(self, refused: Iterable[RefusedRecord]) -> None:
        """Return once the broker has acknowledged a letter for each. Raises `UnavailableError`."""
        try:
            sent = [await self._send(one) for one in refused]
            await asyncio.gather(*sent)
        except KafkaError as error:
            raise UnavailableError(f"Kafka: {error!r}") from error

    async def _send(self, refused: RefusedRecord) -> asyncio.Future[Any]:
        raw = refused.raw
        cause = raw.header(TRACEPARENT) or b""
        told = headers(DEAD_LETTERS, raw.correlation_id, version=raw.version, traceparent=cause)
        value = dead_letter(refused, self._now_us())
        future: asyncio.Future[Any] = await self._producer.send(
            DEAD_LETTERS.name, value, key=raw.key, headers=list(told)
        )
        return future


def dead_letter(refused: RefusedRecord, failed_at_us: int) -> bytes:
    """The record of `dead.letters` for a refused one."""
    raw, why = refused.raw, refused.why
    letter = DeadLetter(
        reason=why.reason,
        where=WHERE,
        detail=why.detail,
        topic=raw.topic,
        partition=raw.partition,
        offset=raw.offset,
        epoch=raw.epoch,
        key=raw.key,
        value=raw.value or b"",
        attempt=attempt_of({name: value for name, value in raw.headers if value is not None}),
        failed_at=failed_at_us,
        correlation_id=raw.correlation_id,
    )
    return letter.encode()
