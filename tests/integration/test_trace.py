"""`readystream trace`: the way of one statement, from its arrival to the scores."""

import asyncio
from collections.abc import Iterator
from typing import Any

import orjson
import pytest
from typer.testing import CliRunner

from readystream.cli import cli
from schemas.dead_letter import DeadLetter
from schemas.examples import EXAMPLES
from schemas.topics import DEAD_LETTERS, EVENTS, LINKS, READINESS, SKILLS, STATEMENTS
from tests.integration.sink_kit import Sent, World, eventually, example, running, world_of
from tests.services.clickhouse import Database
from tests.services.kafka import Kafka

RUNNER = CliRunner()
STATEMENT = EXAMPLES[STATEMENTS.name]["statement_id"]
VOID = "0b4d2c2e-9d5b-4f6d-8a3e-2f1c7f9b1a20"


@pytest.fixture
def world(empty_kafka: Kafka, database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    for name, value in database.environment.items():
        monkeypatch.setenv(name, value)
    with world_of(empty_kafka, database) as one:
        yield one


async def leave_marks(world: World) -> None:
    """A statement that came twice, was voided, conflicts, and counts in every figure."""
    first, again, *_ = await world.send(
        [
            Sent(STATEMENTS, example(STATEMENTS)),
            Sent(STATEMENTS, example(STATEMENTS, credential="another-lms", correlation_id="resend")),
            Sent(STATEMENTS, example(STATEMENTS, statement_id=VOID, voids=STATEMENT)),
        ]
    )
    letter = DeadLetter(
        reason="conflict",
        where="persona",
        detail="said otherwise",
        topic=STATEMENTS.name,
        partition=0,
        offset=again,
        key=b"",
        value=b"",
        failed_at=1_793_620_800_000_000,
        correlation_id="resend",
    )
    await world.send(
        [
            Sent(LINKS, example(LINKS)),
            Sent(EVENTS, example(EVENTS, origin_partition=0, origin_offset=first)),
            Sent(SKILLS, example(SKILLS), version=1),
            Sent(READINESS, example(READINESS), version=1),
            Sent(DEAD_LETTERS, letter.encode()),
        ]
    )
    async with running(world.settings()) as health:
        await eventually(lambda: sum(health.rows.values()) == 8)


async def test_every_mark_that_a_statement_left_is_told(world: World) -> None:
    await leave_marks(world)

    steps = await asyncio.to_thread(traced, STATEMENT.upper())

    assert list(steps) == [
        "received", "set aside", "voided by", "derived", "belongs to", "evidence", "skills", "readiness",
    ]  # fmt: skip
    assert [(one["credential"], one["counts"]) for one in steps["received"]] == [
        ("lms", True),
        ("another-lms", False),
    ]
    assert steps["set aside"][0]["reason"] == "conflict"
    assert steps["voided by"][0]["statement_id"] == VOID
    assert steps["belongs to"][0]["person_id"] == EXAMPLES[LINKS.name]["person_id"]
    assert steps["belongs to"][0]["rule"] == "email"
    assert steps["evidence"][0] | {"weight": 1.8, "outcome": 0.9} == steps["evidence"][0]
    assert steps["skills"][0]["contribution"] == 31.2
    assert "contribution         31.2\n" in RUNNER.invoke(cli, ["trace", STATEMENT]).stdout
    assert steps["readiness"][0]["role"] == EXAMPLES[READINESS.name]["role"]


async def test_a_refused_row_of_a_file_is_found_by_the_id_in_it(world: World) -> None:
    letter = DeadLetter(
        reason="invalid",
        where="import",
        detail="lms.ndjson, row 2: /verb/id: must be an IRI",
        offset=2,
        key=b"lms.ndjson|2",
        value=orjson.dumps({"id": STATEMENT.upper()}),
        failed_at=1_793_620_800_000_000,
        correlation_id="import-1",
    )
    await world.send([Sent(DEAD_LETTERS, letter.encode())])
    async with running(world.settings()) as health:
        await eventually(lambda: sum(health.rows.values()) == 1)

    steps = await asyncio.to_thread(traced, STATEMENT)

    assert [(name, rows[0]["step"]) for name, rows in steps.items()] == [("set aside", "import")]


@pytest.mark.usefixtures("world")
async def test_a_statement_that_nobody_has_seen_is_said_to_be_unknown() -> None:
    result = await asyncio.to_thread(RUNNER.invoke, cli, ["trace", STATEMENT])

    assert result.exit_code == 1
    assert "nothing is known" in result.output
    assert "not the id of a statement" in RUNNER.invoke(cli, ["trace", "sql-basics"]).output


def traced(statement_id: str) -> dict[str, list[dict[str, Any]]]:
    result = RUNNER.invoke(cli, ["trace", statement_id, "--json"])
    assert result.exit_code == 0, result.output
    steps: dict[str, list[dict[str, Any]]] = orjson.loads(result.stdout)
    text = RUNNER.invoke(cli, ["trace", statement_id]).stdout
    assert all(name in text for name in steps)
    return steps
