"""Reconciliation while traffic flows and parts are restarted: no false alarm, and real damage is mended.

`--reconcile-minutes` makes it as long as one likes; `make reconcile-long` takes an hour.
"""

import asyncio
from collections import Counter
from datetime import date
from pathlib import Path
from random import Random

import pytest

from readystream.dev.generator import generate
from readystream.reconcile import Request, reconcile
from schemas.errors import UnavailableError
from schemas.settings import ReconcileSettings
from sinks.reconcile.report import Report, Verdict
from tests.e2e.rig import Rig, running
from tests.services.clickhouse import Database
from tests.services.kafka import Kafka

AS_OF = date(2026, 6, 30)
_EVERY_S = {"READYSTREAM_SNAPSHOT_EVERY_S": "2", "READYSTREAM_SWEEP_INTERVAL_S": "1"}
_DAMAGE = "DELETE FROM learning_events WHERE cityHash64(statement_id) % 10 = 0"


@pytest.fixture
def seconds(request: pytest.FixtureRequest) -> float:
    """How long statements flow."""
    return 60 * float(request.config.getoption("--reconcile-minutes"))


def settings(rig: Rig) -> ReconcileSettings:
    """Those of a reconciler beside the pipeline."""
    stack = rig.pipeline.stack
    return ReconcileSettings.model_validate(
        {
            "kafka_bootstrap_servers": stack.bootstrap,
            "clickhouse_dsn": stack.dsn,
            "clickhouse_database": stack.env["CLICKHOUSE_DATABASE"],
            "reconcile_patience_s": 60.0,
        }
    )


async def judged(rig: Rig, request: Request) -> tuple[Report, ...]:
    """What a reconciliation says; nothing while the sink is on its way back."""
    try:
        return await reconcile(settings(rig), request)
    except UnavailableError as error:
        if "the sink is behind" in str(error):
            return ()
        raise


class Restarts:
    """Stops parts in turn, some of them without warning, and starts others in their place."""

    def __init__(self, rig: Rig) -> None:
        self._stack = rig.pipeline.stack
        self._rng = Random(8)
        self.done = 0

    async def one(self) -> None:
        """Restart a worker; every third time the sink."""
        self.done += 1
        kind = "sink" if self.done % 3 == 0 else "worker"
        victim = next(part for part in self._stack.parts if part.name.startswith(kind))
        self._stack.parts.remove(victim)
        if self._rng.random() < 0.5:
            victim.kill()
        await asyncio.to_thread(victim.close)
        if kind == "sink":
            self._stack.start("sink", "READYSTREAM_OPS_PORT", f"sink-{self.done}")
        else:
            self._stack.start_worker(100 + self.done)


async def test_no_false_alarm_while_parts_restart(
    empty_kafka: Kafka, database: Database, seconds: float, tmp_path: Path
) -> None:
    simulation = generate(60 + round(seconds), 30, 7, date(2026, 6, 29))
    statements = sum(len(delivery.statements) for delivery in simulation.deliveries)
    quick = Kafka(empty_kafka.bootstrap, empty_kafka.kind, {**empty_kafka.settings, **_EVERY_S})
    async with running(quick, database, tmp_path / "data", AS_OF, workers=2) as rig:
        restarts = Restarts(rig)
        sending = asyncio.create_task(
            rig.pipeline.send(simulation.deliveries, rig.result, statements / seconds)
        )
        await rig.pipeline.import_people(simulation.people_csv)
        verdicts: list[Verdict] = []
        while not sending.done():
            for report in await judged(rig, Request()):
                assert report.verdict in {Verdict.EXACT, Verdict.UNPROVEN}, report.as_json()
                verdicts.append(report.verdict)
            await restarts.one()
            await asyncio.sleep(min(2.0, seconds / 20))
        await sending
        print(f"{statements} statements, {restarts.done} restarts, verdicts: {Counter(verdicts)}")
        assert verdicts, "nothing was judged"
        await rig.settle()

        [last] = await reconcile(settings(rig), Request(deep=True))
        assert last.verdict is Verdict.EXACT, last.as_json()

        rig.pipeline.client().command(_DAMAGE)
        found, after = await reconcile(settings(rig), Request(repair=True))
        assert found.verdict is Verdict.DRIFT
        assert after.verdict is Verdict.EXACT, after.as_json()
