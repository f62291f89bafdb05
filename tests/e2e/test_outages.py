"""Parts go away in the middle: nothing that was acknowledged is missing, and no number changes."""

import asyncio
from collections.abc import Callable
from datetime import date
from pathlib import Path

import httpx
import pytest

from readystream.dev.generator import Simulation, generate
from readystream.embedded.broker import EmbeddedBroker
from tests.e2e.rig import running
from tests.services.clickhouse import ClickHouse, Database, new_database
from tests.services.kafka import Broker, Kafka, describe, empty_catalogue

AS_OF = date(2026, 6, 30)
_AWAY_S = 6.0


@pytest.fixture(scope="module")
def simulation() -> Simulation:
    """A small company's learning."""
    return generate(25, 30, 11, date(2026, 6, 29))


@pytest.fixture
async def undisturbed(
    empty_kafka: Kafka, clickhouse: ClickHouse, simulation: Simulation, tmp_path: Path
) -> dict[str, list[str]]:
    """The figures that a run without any trouble ends with."""
    with new_database(clickhouse) as database:
        async with running(empty_kafka, database, tmp_path / "undisturbed", AS_OF) as rig:
            await rig.send(simulation.deliveries)
            await rig.pipeline.import_people(simulation.people_csv)
            await rig.settle()
            return rig.figures()


async def test_broker_away_in_the_middle(
    private_broker: Callable[[], Broker], database: Database, simulation: Simulation, tmp_path: Path
) -> None:
    broker = private_broker()
    kafka = describe(broker)
    await empty_catalogue(kafka)
    half = len(simulation.deliveries) // 2
    async with running(kafka, database, tmp_path / "data", AS_OF) as rig:
        await rig.send(simulation.deliveries[:half])
        _take_away(broker)
        sending = asyncio.create_task(rig.send(simulation.deliveries[half:]))
        await asyncio.sleep(_AWAY_S)
        async with httpx.AsyncClient(timeout=20.0, trust_env=False) as http:
            alive = await http.get(f"{rig.pipeline.adapter.url}/healthz")
        assert alive.status_code == 200
        _bring_back(broker)
        await sending
        assert rig.result.retries > 0, "the adapter answered as if the broker had been there"
        await rig.pipeline.import_people(simulation.people_csv)
        await rig.settle()
        assert set(rig.result.accepted_ids) - rig.stored_ids() == set()
        assert len(rig.stored_ids()) == simulation.truth.distinct_statements
        [(events,)] = rig.query("SELECT count() FROM learning_events FINAL")
        assert events == simulation.truth.distinct_statements


def _take_away(broker: Broker) -> None:
    """The embedded broker keeps nothing over a restart: it is halted instead."""
    if isinstance(broker, EmbeddedBroker):
        broker.freeze()
    else:
        broker.stop()


def _bring_back(broker: Broker) -> None:
    if isinstance(broker, EmbeddedBroker):
        broker.thaw()
    else:
        broker.start()
        broker.wait_ready()


async def test_worker_killed_in_the_middle(
    undisturbed: dict[str, list[str]],
    private_broker: Callable[[], Broker],
    database: Database,
    simulation: Simulation,
    tmp_path: Path,
) -> None:
    kafka = describe(private_broker())
    await empty_catalogue(kafka)
    third = len(simulation.deliveries) // 3
    async with running(kafka, database, tmp_path / "data", AS_OF, workers=2) as rig:
        await rig.send(simulation.deliveries[:third])
        await rig.pipeline.import_people(simulation.people_csv)
        sending = asyncio.create_task(rig.send(simulation.deliveries[third:]))
        victim = next(part for part in rig.pipeline.stack.parts if part.name == "worker-1")
        victim.kill()
        rig.pipeline.stack.parts.remove(victim)
        successor = rig.pipeline.stack.start_worker(3)
        await sending
        await asyncio.to_thread(successor.wait_ready)
        await rig.settle()
        assert rig.figures() == undisturbed
        victim.close()
