"""The operator's desk: open letters read from Kafka, and each settled at most once.

Reads: `dead.letters`, whole.
Writes: the topic that a letter came from, or `xapi.statements`; `dead.letters`, where a second record of the
same letter says how it was settled.
Key: that of the letter.
Guarantee: a replay is acknowledged before its letter is settled, some hundred letters at a time. A process
that dies in between leaves those open; replaying them again is harmless, for a record takes effect once: a
statement by its id, an upsert by its key. For an event of a webhook the settlement itself is the replay.
On failure: `UnavailableError`, or `ConfigError` if the webhooks file is needed and wrong; letters that were
not settled stay open.
"""

import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from typing import Any

from aiokafka import TopicPartition
from aiokafka.errors import KafkaError

from lrs_adapter.bulk.writer import LogWriter, log_writer
from lrs_adapter.log.record import Record
from readystream.dead_letters.replay import Replay, Unreplayable
from readystream.dead_letters.selection import Filed, Selection, still_open
from readystream.topics import end_offsets
from readystream.webhooks import read_subscriptions
from schemas.dead_letter import DeadLetter
from schemas.errors import UnavailableError
from schemas.headers import headers
from schemas.settings import OperatorSettings
from schemas.topics import DEAD_LETTERS
from sinks.webhooks.delivery import subscription_of
from streams.engine.restore import read_to_end

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of a letter: replayed, dropped, or left open because of `why_not`."""

    letter: DeadLetter
    resolution: str = ""
    why_not: str = ""


async def open_letters(settings: OperatorSettings, selection: Selection) -> list[Filed]:
    """The selected letters that are open, oldest first. Raises `UnavailableError`."""
    return still_open([filed for filed in await _read(settings) if selection.wants(filed.letter)])


async def replay(settings: OperatorSettings, letters: Sequence[Filed], note: str) -> list[Settled]:
    """Send the records of `letters` again, and settle those that could be. Raises `UnavailableError`."""
    async with _writer(settings) as writer:
        now_us = time.time_ns() // 1000
        task = Replay(settings.tenant_key_bytes, writer.partitions, now_us, _subscriptions(settings, letters))
        done: list[Settled] = []
        for some in _slices(letters):
            made = [(filed, task.records(filed.letter)) for filed in some]
            sent = [(filed, records) for filed, records in made if not isinstance(records, Unreplayable)]
            await writer.write(record for _, records in sent for record in records)
            await writer.flush()
            await _settle(writer, [filed for filed, _ in sent], "replayed", note)
            done += [_replayed(filed.letter, records) for filed, records in made]
        return done


async def drop(settings: OperatorSettings, letters: Sequence[Filed], note: str) -> list[Settled]:
    """Settle `letters` without sending anything again. Raises `UnavailableError`."""
    async with _writer(settings) as writer:
        await _settle(writer, letters, "dropped", note)
        return [Settled(filed.letter, "dropped") for filed in letters]


def _slices(letters: Sequence[Filed]) -> Iterator[Sequence[Filed]]:
    return (letters[start : start + _AT_ONCE] for start in range(0, len(letters), _AT_ONCE))


def _replayed(letter: DeadLetter, made: Sequence[Record] | Unreplayable) -> Settled:
    if isinstance(made, Unreplayable):
        return Settled(letter, why_not=made.why)
    return Settled(letter, "replayed")


async def _settle(writer: LogWriter, letters: Iterable[Filed], resolution: str, note: str) -> None:
    """Say of `letters` how they were settled; returns when that is acknowledged."""
    await writer.write(_settlement(filed, resolution, note) for filed in letters)
    await writer.flush()


def _settlement(filed: Filed, resolution: str, note: str) -> Record:
    settled = replace(filed.letter, resolution=resolution, note=note)
    told = headers(DEAD_LETTERS, settled.correlation_id)
    return Record(filed.partition, filed.key, settled.encode(), told, DEAD_LETTERS.name)


async def _read(settings: OperatorSettings) -> list[Filed]:
    """Every record of the topic, partition by partition, in the order of each."""
    bootstrap = settings.kafka_bootstrap_servers
    ends = await end_offsets(bootstrap, DEAD_LETTERS.name)
    found: list[Filed] = []

    def take(place: TopicPartition, records: Sequence[Any]) -> None:
        found.extend(Filed(DeadLetter.decode(one.value), one.key, place.partition) for one in records)

    try:
        await read_to_end(bootstrap, {TopicPartition(DEAD_LETTERS.name, number): 0 for number in ends}, take)
    except KafkaError as error:
        raise UnavailableError(f"the broker at {bootstrap}: {error!r}") from error
    return found


def _subscriptions(settings: OperatorSettings, letters: Sequence[Filed]) -> frozenset[str]:
    """The ids of the webhooks file, where a letter is about an event."""
    if not any(subscription_of(filed.letter) for filed in letters):
        return frozenset()
    return frozenset(one.id for one in read_subscriptions(settings.webhooks_file).subscriptions)


def _writer(settings: OperatorSettings) -> AbstractAsyncContextManager[LogWriter]:
    return log_writer(settings.kafka_bootstrap_servers, idempotent=settings.producer_idempotence)
