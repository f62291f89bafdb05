"""The real core: both stages in the worker of production, fed with accepted statements."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from schemas.topics import STATEMENTS
from streams.core.persona_batch import LEDGER_TABLE
from tests.bench import machine
from tests.bench.records import BenchRecord, produce
from tests.bench.seeding import Bulk, seed
from tests.bench.statements import company, crowd
from tests.bench.workers import Pace, Workers
from tests.services.kafka import PARTITIONS, Kafka, empty_catalogue


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
    """A new worker for the state of so many learners; then `statements` statements, each by any of them.

    In a crowd, statements of one learner seldom come together, so hardly any of them share a write. The
    records belong to a later epoch than those behind the state, as they do when a topic is made anew.
    """
    await empty_catalogue(kafka)
    anybody = Random(2).choices(range(learners), k=statements)
    later = {"READYSTREAM_TOPIC_EPOCH": "1", "READYSTREAM_SWEEP_INTERVAL_S": "3600"}
    with Workers(kafka, home, [machine.on_one_core], later) as workers:
        state = await seed(kafka, workers.app_id, learners)
        records = await _produce(kafka, crowd(anybody, seed=2))
        await workers.start()
        measured = await workers.finish(records)
        return Growth(learners, measured, state, workers.resident_mb, *workers.recovery())


async def _produce(kafka: Kafka, records: Iterable[BenchRecord]) -> int:
    return await produce(kafka.bootstrap, STATEMENTS.name, PARTITIONS, records)
