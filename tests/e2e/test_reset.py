"""`readystream reset derived`: refused while somebody works; then all is derived anew, and the same."""

import asyncio
import json
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from readystream.cli import cli
from readystream.dev.generator import generate
from schemas.topics import EVENTS, STATEMENTS
from tests.e2e.rig import Rig, running
from tests.services.clickhouse import Database
from tests.services.kafka import Kafka

AS_OF = date(2026, 6, 30)
SIMULATION = generate(8, 20, 5, date(2026, 6, 29))


async def reset(rig: Rig, *words: str) -> tuple[int, str, str]:
    """(exit code, standard output, standard error) of `readystream reset derived`."""
    asked, env = ["reset", "derived", *words], dict(rig.pipeline.stack.env)
    result = await asyncio.to_thread(lambda: CliRunner().invoke(cli, asked, env=env))
    return result.exit_code, result.stdout, result.stderr


def stop(rig: Rig, *names: str) -> None:
    """Stop these processes, as an operator does."""
    parts = rig.pipeline.stack.parts
    for part in [part for part in parts if part.name.startswith(names)]:
        part.close()
        parts.remove(part)


@pytest.mark.apache  # the embedded broker does not let a group of workers begin anew
async def test_what_is_derived_anew_is_what_it_was(
    empty_kafka: Kafka, database: Database, tmp_path: Path
) -> None:
    async with running(empty_kafka, database, tmp_path, AS_OF) as rig:
        await rig.send(SIMULATION.deliveries)
        await rig.pipeline.import_people(SIMULATION.people_csv)
        await rig.settle()
        before, stored = rig.figures(), rig.stored_ids()

        _, planned, told = await reset(rig, "--json")
        steps = [json.loads(line)["step"] for line in planned.splitlines()]
        assert f"topic {EVENTS.name} is deleted" in steps
        assert not any(STATEMENTS.name in step for step in steps)
        assert "dry run" in told
        code, _, told = await reset(rig, "--delete", "--yes")
        assert (code, "somebody is in group readystream:" in told) == (1, True)
        await rig.settle()
        assert rig.figures() == before

        stop(rig, "sink", "worker")
        code, _, told = await reset(rig, "--delete", "--yes")
        assert (code, "READYSTREAM_TOPIC_EPOCH=1" in told) == (0, True)
        stack = rig.pipeline.stack
        stack.env["READYSTREAM_TOPIC_EPOCH"] = "1"
        for part in (stack.start("sink", "READYSTREAM_OPS_PORT"), stack.start_worker(2)):
            await asyncio.to_thread(part.wait_ready)
        await rig.settle()
        assert (rig.figures(), rig.stored_ids()) == (before, stored)
