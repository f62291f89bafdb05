"""The whole pipeline for one test, and what it holds when it is quiet."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from readystream.dev.generator import Delivery
from readystream.dev.local import LocalPipeline
from readystream.dev.lrs import ForwardResult
from tests.services.clickhouse import Database
from tests.services.kafka import Kafka

Rows = list[tuple[Any, ...]]

# What must not depend on order, batching or crashes: everything but versions, origins and times of arrival.
_FIGURES = {
    "engagement": "SELECT * EXCEPT (version, correlation_id, ingested_at) FROM current_engagement",
    "skills": "SELECT * EXCEPT (version, correlation_id, ingested_at) FROM current_skills",
    "readiness": "SELECT * EXCEPT (version, correlation_id, ingested_at) FROM current_readiness",
    "events": """
        SELECT statement_id, person_id, persona_id, verb, verb_class, activity, event_time, slots,
               time_source, completions, passes, fails, sessions, evidence
        FROM events_resolved WHERE NOT skewed""",
}


@dataclass(slots=True)
class Rig:
    """A running pipeline and what came of sending to it."""

    pipeline: LocalPipeline
    result: ForwardResult = field(default_factory=ForwardResult)

    async def send(self, deliveries: Sequence[Delivery]) -> None:
        """Forward deliveries and wait until each is answered."""
        await self.pipeline.send(deliveries, self.result)

    async def settle(self) -> None:
        """Wait until everything that was accepted has arrived everywhere."""
        probe = self.pipeline.probe()
        await probe.start()
        try:
            await self.pipeline.drain(probe)
        finally:
            await probe.stop()

    def query(self, sql: str) -> Rows:
        """Rows of the pipeline's database."""
        return [tuple(row) for row in self.pipeline.client().query(sql).result_rows]

    def figures(self) -> dict[str, list[str]]:
        """Every figure of every person, in an order of its own."""
        return {name: sorted(map(repr, self.query(sql))) for name, sql in _FIGURES.items()}

    def stored_ids(self) -> set[str]:
        """Ids of the raw log."""
        return {str(row[0]) for row in self.query("SELECT DISTINCT statement_id FROM accepted_statements")}


@asynccontextmanager
async def running(
    kafka: Kafka, database: Database, home: Path, as_of: date, workers: int = 1
) -> AsyncIterator[Rig]:
    """A pipeline on the given services, gone when the block ends."""
    pipeline = LocalPipeline(home, as_of, workers, {**kafka.environment, **database.environment})
    try:
        await pipeline.start()
        yield Rig(pipeline)
    finally:
        pipeline.stop()
