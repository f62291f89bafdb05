"""What the reconciliation tests share: records of the real stages in Kafka, a sink, a reconciler."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

from aiokafka import AIOKafkaProducer

from readystream.topics import end_offsets, end_offsets_of
from sinks.clickhouse import ClickHouse
from sinks.reconcile.findings import Kind
from sinks.reconcile.log import Log
from sinks.reconcile.report import Report
from sinks.reconcile.run import Options, Reconciler
from sinks.tables import BY_TOPIC
from tests.integration.sink_kit import World, running
from tests.services.kafka import PARTITIONS
from tests.unit.streams.pipeline import Pipeline
from tests.unit.streams.samples import DAY, Said, accept, build

HOUR_US = 3_600_000_000
NAMES = ("lena", "lena.private", "mia", "noor", "omar", "pia")
_VERBS = ("passed", "failed", "completed", "experienced")


@dataclass
class Company:
    """Learners whose statements go through the real stages. `clock` is in microseconds, `today` a UTC day."""

    clock: list[int] = field(default_factory=lambda: [HOUR_US])
    today: int = DAY + 20
    pipeline: Pipeline = field(init=False)
    _rng: Random = field(default_factory=lambda: Random(5))
    _said: int = 0

    def __post_init__(self) -> None:
        self.pipeline = build(PARTITIONS, lambda: self.today, now_us=lambda: self.clock[0])

    def learn(self, statements: int) -> None:
        """So many statements, some of them void others, some come twice."""
        for _ in range(statements):
            self._said += 1
            said = self._statement(self._said)
            accept(self.pipeline, said)
            if self._rng.random() < 0.1:
                accept(self.pipeline, said)
            if self._rng.random() < 0.1:
                target = self._rng.randint(1, self._said)
                accept(self.pipeline, Said(100_000 + self._said, "admin", "voided", voids=target))
        self.pipeline.settle()

    def _statement(self, number: int) -> Said:
        rng = self._rng
        return Said(
            number,
            rng.choice(NAMES),
            rng.choice(_VERBS),
            rng.randint(1, 3),
            DAY + rng.randrange(10),
            rng.randrange(1440),
            rng.random(),
        )

    def snapshot(self) -> None:
        """An hour passes: every partition tells its cells."""
        self.clock[0] += HOUR_US
        self.pipeline.sweep()
        self.pipeline.settle()


@dataclass
class Reconciliation:
    """A world with a company's records in it."""

    world: World
    company: Company
    _sent: dict[tuple[str, int], int] = field(default_factory=dict)

    async def publish(self) -> None:
        """Send what the stages have published since, and let a sink write it."""
        await self.send()
        await self.sink()

    async def send(self) -> None:
        """Send what the stages have published since."""
        async with AIOKafkaProducer(bootstrap_servers=self.world.kafka.bootstrap) as producer:
            for (topic, partition), records in sorted(self.company.pipeline.log.items()):
                start = self._sent.get((topic, partition), 0)
                self._sent[topic, partition] = len(records)
                for record in records[start:]:
                    await producer.send(
                        topic,
                        record.value,
                        key=record.key,
                        partition=partition,
                        headers=list(record.headers),
                    )
            await producer.flush()

    async def sink(self) -> None:
        """Run a sink until it has written everything."""
        bootstrap = self.world.kafka.bootstrap
        ends = await end_offsets_of(bootstrap, BY_TOPIC)
        async with running(self.world.settings()):
            await self._log.wait_for_sink(ends, 60)

    @property
    def _log(self) -> Log:
        bootstrap = self.world.kafka.bootstrap
        return Log(
            bootstrap,
            0,
            self.world.settings().sink_group_id,
            lambda topic: end_offsets(bootstrap, topic),
        )

    async def examine(self, *, repair: bool = False, **changes: Any) -> Report:
        """One reconciliation."""
        database = self.world.database
        usual = {"partitions": range(PARTITIONS), "today": self.company.today, "patience_s": 30.0}
        options = Options(**{**usual, **changes})
        async with ClickHouse(database.dsn, database.name) as store:
            return await Reconciler(store, self._log, options).run(repair=repair)


def differences(report: Report) -> Mapping[str, int]:
    """The figures that drifted, and by how much."""
    return {drift.figure: drift.difference for drift in report.figures.values() if drift.difference}


def kinds(report: Report, table: str) -> set[Kind]:
    """What was found wrong in a table."""
    return {finding.kind for finding in report.findings if finding.table == table}
