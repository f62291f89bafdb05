"""Deriving evidence anew: the log is read, and what may be evidence is repeated for the workers.

Reads: `xapi.statements`, each partition from its beginning to the record that opens this run.
Writes: `xapi.statements`: that record, a copy of each statement that may be evidence, a record that closes.
Key: that of the statement; every copy stays in its partition.
Guarantee: when it returns, everything is acknowledged. A run that ends early does not settle a partition;
another one does all of it again, which changes nothing where it was done already.
On failure: `UnavailableError`. Statements that the log no longer holds keep the evidence they gave.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from lrs_adapter.bulk.writer import LogWriter, log_writer
from lrs_adapter.log.record import Record
from readystream.config_files import read_skill_map
from schemas import codec, log_events
from schemas.errors import CodecError, UnavailableError
from schemas.headers import headers
from schemas.settings import RederiveSettings
from schemas.topics import STATEMENTS
from streams.core.derive import may_be_evidence
from streams.core.statement import Underivable, read_statement

_POLL_MS = 500
_SILENCE_S = 60.0
_NOTHING = dict.fromkeys(("statement_id", "persona_id", "credential", "xapi_version", "voids"), "") | {
    "statement": b"",
    "received_at": 0,
    "stored_at": 0,
    "source": "rederive",
    "copy": True,
}

_log = structlog.get_logger()


async def rederive(settings: RederiveSettings) -> int:
    """Ask the workers to derive all evidence by the skill map of `settings`; returns how many statements.

    Raises `ConfigError` for a faulty skill map and `UnavailableError` while Kafka is away.
    """
    skill_map = read_skill_map(settings.skill_map_file)
    run = Run(skill_map.edition, str(uuid4()))
    bootstrap = settings.kafka_bootstrap_servers
    async with log_writer(bootstrap, idempotent=settings.producer_idempotence) as writer:
        await writer.write(run.mark(partition) for partition in range(writer.partitions))
        await writer.flush()
        try:
            async with _consumer(bootstrap, writer.partitions) as consumer:
                count = await _repeat(consumer, writer, run)
        except KafkaError as error:
            raise UnavailableError(f"the log could not be read: {error!r}") from error
    _log.info(log_events.REDERIVED, edition=run.edition, statements=count, correlation_id=run.run_id)
    return count


class Run:
    """What a run writes. `edition` is that of the skill map, `run_id` its correlation id."""

    def __init__(self, edition: str, run_id: str) -> None:
        self.edition = edition
        self.run_id = run_id
        self._stamp = {"edition": edition, "correlation_id": run_id}

    def mark(self, partition: int, opened_at: int = -1) -> Record:
        """The record that opens the run in a partition; with the offset of that one, the closing one."""
        return self._record(partition, b"", {**_NOTHING, "rederives": opened_at})

    def is_opened_by(self, value: dict[str, Any]) -> bool:
        """Whether a record of the log is the one that opened this run."""
        return bool(value["correlation_id"] == self.run_id and not value["statement_id"])

    def copy(self, partition: int, offset: int, key: bytes, value: dict[str, Any]) -> Record | None:
        """The copy of a statement; None of one that cannot be evidence, and of what is a copy itself."""
        if value["copy"] or not _may_be_evidence(value["statement"]):
            return None
        return self._record(partition, key, {**value, "copy": True, "rederives": offset, "voids": ""})

    def _record(self, partition: int, key: bytes, value: dict[str, Any]) -> Record:
        told = headers(STATEMENTS, self.run_id)
        return Record(partition, key, codec.encode(STATEMENTS, value | self._stamp), told)


def _may_be_evidence(text: bytes) -> bool:
    """What cannot be read took no effect: it is among the dead letters."""
    try:
        return may_be_evidence(read_statement(text))
    except Underivable:
        return False


async def _repeat(consumer: AIOKafkaConsumer, writer: LogWriter, run: Run) -> int:
    """Copy every partition up to where the run was opened; returns how many statements."""
    left = set(consumer.assignment())
    count = 0
    while left:
        for place, records in (await _next(consumer, left)).items():
            made, opened_at = _copies(run, place.partition, records)
            await writer.write(made)
            count += len(made)
            if opened_at is not None:
                await writer.write((run.mark(place.partition, opened_at),))
                left.discard(place)
    return count


def _copies(run: Run, partition: int, records: Sequence[Any]) -> tuple[list[Record], int | None]:
    """(copies, offset of the record that opened the run if it is among these)."""
    made: list[Record] = []
    for record in records:
        try:
            value = codec.decode(STATEMENTS, record.value or b"")
        except CodecError:
            continue
        if run.is_opened_by(value):
            return made, record.offset
        if copy := run.copy(partition, record.offset, record.key or b"", value):
            made.append(copy)
    return made, None


async def _next(consumer: AIOKafkaConsumer, left: set[TopicPartition]) -> dict[TopicPartition, Sequence[Any]]:
    """The next records. Raises `UnavailableError` if none come: the run's own are still ahead."""
    try:
        async with asyncio.timeout(_SILENCE_S):
            while not (found := await consumer.getmany(*left, timeout_ms=_POLL_MS)):
                pass
    except TimeoutError:
        raise UnavailableError(f"Kafka gave no record for {_SILENCE_S:.0f} s") from None
    return dict(found)


@asynccontextmanager
async def _consumer(bootstrap: str, partitions: int) -> AsyncIterator[AIOKafkaConsumer]:
    """A consumer of the whole log, at its beginning and in no group."""
    consumer = AIOKafkaConsumer(
        bootstrap_servers=bootstrap, enable_auto_commit=False, auto_offset_reset="earliest"
    )
    await consumer.start()
    try:
        places = [TopicPartition(STATEMENTS.name, number) for number in range(partitions)]
        consumer.assign(places)
        for place in places:
            consumer.seek(place, 0)
        yield consumer
    finally:
        await consumer.stop()
