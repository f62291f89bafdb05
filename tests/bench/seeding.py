"""The state of a crowd, written straight into the changelogs of a worker that has not started yet.

Both stages handle one statement of each of some learners, in this process. Every further learner has the
rows of one of them under an id of their own: processing a statement of each of a million learners would take
the worker minutes, and would end in rows just like these.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from random import Random
from uuid import UUID

from prometheus_client import CollectorRegistry

from readystream.worker import stages
from schemas import codec
from schemas.metrics import WorkerMetrics
from schemas.partitions import partition_for
from schemas.settings import WorkerSettings
from schemas.topics import STATEMENTS
from streams.core.person_stage import PersonStage
from streams.core.persona_stage import PersonaStage
from streams.engine.config import EngineConfig
from streams.engine.sender import Sender
from tests.bench.records import make_topics
from tests.bench.statements import AS_OF, crowd, crowd_persona
from tests.services.kafka import PARTITIONS, Kafka
from tests.unit.streams.pipeline import Pipeline

_TABLES = (*PersonaStage.tables, *PersonStage.tables)
_NO_STAMP = b""  # of a row that nobody contests
_PATTERNS, _AT_ONCE = 500, 20_000

Row = tuple[str, bytes, bytes]
"""(table, key, value)."""


@dataclass(slots=True)
class Bulk:
    """What a table holds; `size` is that of keys and values, bytes."""

    rows: int = 0
    size: int = 0

    def add(self, key: bytes, value: bytes) -> None:
        """Count one more row."""
        self.rows += 1
        self.size += len(key) + len(value)


@dataclass(frozen=True, slots=True)
class _Pattern:
    """The rows of one learner, and the ids in them that another learner's rows have otherwise."""

    persona: bytes
    statement_id: bytes
    rows: Sequence[Row]

    def rows_of(self, persona: bytes, statement_id: bytes) -> Iterator[Row]:
        """The rows of another learner. Their ids are as long as ours, so no length in a row changes."""
        for table, key, value in self.rows:
            yield (
                table,
                self._renamed(key, persona, statement_id),
                self._renamed(value, persona, statement_id),
            )

    def _renamed(self, data: bytes, persona: bytes, statement_id: bytes) -> bytes:
        return data.replace(self.persona, persona).replace(self.statement_id, statement_id)


async def seed(kafka: Kafka, app_id: str, learners: int) -> Mapping[str, Bulk]:
    """Write the state of so many learners, one statement each; returns what each table holds."""
    names = {table: f"{app_id}-{table}-changelog" for table in _TABLES}
    await make_topics(kafka.bootstrap, names.values(), PARTITIONS, {"cleanup.policy": "compact"})
    config = EngineConfig(
        app_id=app_id,
        bootstrap_servers=kafka.bootstrap,
        partitions=PARTITIONS,
        data_dir=Path(),
        producer_idempotence=not kafka.is_embedded,
    )
    held = {table: Bulk() for table in _TABLES}
    waiting = _rows(learners)
    sender = Sender(config)
    try:
        while some := list(islice(waiting, _AT_ONCE)):
            places: defaultdict[tuple[str, int], dict[bytes, bytes | None]] = defaultdict(dict)
            for partition, (table, key, value) in some:
                places[table, partition][key] = value
                held[table].add(key, value)
            for (table, partition), rows in places.items():
                await sender.append(names[table], partition, rows, _NO_STAMP)
    finally:
        await sender.close()
    return held


def _rows(learners: int) -> Iterator[tuple[int, Row]]:
    patterns, chance = _patterns(), Random(3)
    for learner in range(learners):
        persona = crowd_persona(learner)
        statement_id = str(UUID(int=chance.getrandbits(128), version=4))
        place = partition_for(persona, PARTITIONS)
        for row in patterns[learner % len(patterns)].rows_of(persona.encode(), statement_id.encode()):
            yield place, row


def _patterns() -> Sequence[_Pattern]:
    """The rows that one statement of each of some learners leaves behind."""
    settings = WorkerSettings(as_of=AS_OF.isoformat())
    pipeline = Pipeline(stages(settings, WorkerMetrics(CollectorRegistry())), partitions=1)
    personas = {}
    for record in crowd(range(_PATTERNS), seed=4):
        value = codec.decode(STATEMENTS, record.value)
        pipeline.produce(STATEMENTS, record.key, value, partition=0)
        personas[value["persona_id"].encode()] = value["statement_id"].encode()
    pipeline.settle()
    return [
        _Pattern(persona, told, _rows_about(pipeline, persona, told)) for persona, told in personas.items()
    ]


def _rows_about(pipeline: Pipeline, persona: bytes, statement_id: bytes) -> list[Row]:
    tables = [(name, rows) for table in pipeline.tables.values() for name, rows in table.rows.items()]
    return [
        (name, key, value)
        for name, rows in tables
        for key, value in rows.items()
        if key == statement_id or key.partition(b"|")[0] == persona
    ]
