"""The real core: both stages in the worker of production, fed with accepted statements."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from aiokafka import TopicPartition

from schemas.topics import STATEMENTS
from streams.core.person_stage import PersonStage
from streams.core.persona_batch import LEDGER_TABLE
from streams.core.persona_stage import PersonaStage
from streams.engine.restore import read_to_end
from tests.bench import machine
from tests.bench.records import BenchRecord, produce
from tests.bench.statements import company, crowd
from tests.bench.workers import Pace, Workers
from tests.services.kafka import PARTITIONS, Kafka, empty_catalogue

_TABLES = (*PersonaStage.tables, *PersonStage.tables)


@dataclass(frozen=True, slots=True)
class Bulk:
    """What a table holds; `size` is that of keys and values, bytes."""

    rows: int
    size: int


@dataclass(frozen=True, slots=True)
class Growth:
    """With so many learners: the pace of further statements by any of them, and what the state takes.

    `recovery_s` is how long a new worker took to restore `recovered_rows`.
    """

    learners: int
    pace: Pace
    state: Mapping[str, Bulk]
    resident_mb: float
    recovered_rows: int
    recovery_s: float

    @property
    def bytes_per_learner(self) -> float:
        """State of the persona and of the person behind it, without the ledger."""
        kept = sum(bulk.size for table, bulk in self.state.items() if table != LEDGER_TABLE)
        return kept / self.learners

    @property
    def bytes_per_statement(self) -> float:
        """What the ledger keeps of a statement."""
        return self.state[LEDGER_TABLE].size / self.state[LEDGER_TABLE].rows

    @property
    def recovery_rows_per_s(self) -> float:
        """Changelog records restored in a second."""
        return self.recovered_rows / self.recovery_s


async def pace(kafka: Kafka, home: Path, statements: int, placements: Sequence[machine.Placement]) -> Pace:
    """How fast workers go through a company's statements; one worker for each of `placements`."""
    await empty_catalogue(kafka)
    records = await _produce(kafka, company(statements))
    with Workers(kafka, home, placements) as workers:
        await workers.start()
        return await workers.finish(records)


async def growth(kafka: Kafka, home: Path, learners: int, statements: int) -> Growth:
    """State of so many learners, one statement each; a restart; then `statements` more by any of them.

    In a crowd, statements of one learner seldom come together, so hardly any of them share a write.
    """
    await empty_catalogue(kafka)
    everybody = Random(1).sample(range(learners), learners)
    anybody = Random(2).choices(range(learners), k=statements)
    records = await _produce(kafka, crowd(everybody, seed=1))
    with Workers(kafka, home, [machine.on_one_core]) as workers:
        await workers.start()
        await workers.finish(records)
        workers.stop()
        records = await _produce(kafka, crowd(anybody, seed=2))
        await workers.start()
        recovered_rows, recovery_s = workers.recovery()
        measured = await workers.finish(records)
        state = await _state(kafka, workers.app_id)
        return Growth(learners, measured, state, workers.resident_mb, recovered_rows, recovery_s)


async def _produce(kafka: Kafka, records: Iterable[BenchRecord]) -> int:
    return await produce(kafka.bootstrap, STATEMENTS.name, PARTITIONS, records)


async def _state(kafka: Kafka, app_id: str) -> dict[str, Bulk]:
    """What each table holds, read from its changelog."""
    return {table: await _bulk(kafka, f"{app_id}-{table}-changelog") for table in _TABLES}


async def _bulk(kafka: Kafka, changelog: str) -> Bulk:
    sizes: dict[bytes, int] = {}

    def apply(_place: TopicPartition, records: Sequence[Any]) -> None:
        for record in records:
            if record.value is None:
                sizes.pop(record.key, None)
            else:
                sizes[record.key] = len(record.key) + len(record.value)

    positions = {TopicPartition(changelog, partition): 0 for partition in range(PARTITIONS)}
    await read_to_end(kafka.bootstrap, positions, apply)
    return Bulk(len(sizes), sum(sizes.values()))
