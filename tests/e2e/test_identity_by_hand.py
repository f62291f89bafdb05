"""`readystream identity show|link|unlink|audit` while the pipeline runs: after a link a person is the sum."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from typer.testing import CliRunner

from readystream.cli import cli
from readystream.dev.generator import Delivery
from tests.e2e.rig import Rig, running
from tests.services.clickhouse import Database
from tests.services.kafka import Kafka

AS_OF = date(2026, 6, 30)
HOME, WORK = "ana@home.example", "ana@work.example"
BECAUSE = ("--by", "hr-desk", "--reason", "ticket 4711")
DAYS = "SELECT person_id, active_days FROM current_engagement WHERE window_days = 90"


@pytest.fixture
async def rig(empty_kafka: Kafka, database: Database, tmp_path: Path) -> AsyncIterator[Rig]:
    """A pipeline that has three days of learning at home and two at work."""
    async with running(empty_kafka, database, tmp_path, AS_OF) as one:
        learned = [(HOME, 1), (HOME, 2), (HOME, 3), (WORK, 4), (WORK, 5)]
        await one.send([Delivery(tuple(statement(*what) for what in learned))])
        await one.settle()
        yield one


def statement(address: str, day: int) -> dict[str, Any]:
    return {
        "id": str(UUID(int=day)),
        "actor": {"mbox": f"mailto:{address}"},
        "verb": {"id": "http://adlnet.gov/expapi/verbs/completed"},
        "object": {"id": "https://learn.example.com/course"},
        "timestamp": f"2026-06-0{day}T10:00:00Z",
    }


async def identity(rig: Rig, *words: str, code: int = 0) -> list[dict[str, Any]]:
    """What `readystream identity` prints as JSON, which never holds an address."""
    asked = ["identity", *words, "--json"]
    result = await asyncio.to_thread(CliRunner().invoke, cli, asked, env=dict(rig.pipeline.stack.env))
    assert result.exit_code == code, result.output
    assert "@" not in result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


async def test_a_person_is_the_sum_after_a_link_and_apart_after_an_unlink(rig: Rig) -> None:
    (home,), (work,) = [await identity(rig, "show", who) for who in (HOME, WORK)]
    before = sorted(rig.query(DAYS))
    assert before == sorted([(home["id"], 3), (work["id"], 2)])
    assert [row["statements"] for row in (*home["counts"], *work["counts"])] == [3, 2]

    (linked,) = await identity(rig, "link", HOME, WORK, *BECAUSE)
    (again,) = await identity(rig, "link", HOME, WORK, *BECAUSE)
    await rig.settle()

    assert (linked["before"], linked["after"]) == (home["id"], work["id"])
    assert (linked["written"], again["written"]) == (True, False)
    assert rig.query(DAYS) == [(work["id"], 5)]
    (person,) = await identity(rig, "show", WORK)
    assert sum(row["statements"] for row in person["counts"]) == 5
    (claim,) = person["links"]
    assert (claim["rule"], claim["trust"], claim["holds_today"]) == ("human", 7, True)
    assert (claim["actor"], claim["reason"]) == ("hr-desk", "ticket 4711")

    (unlinked,) = await identity(rig, "unlink", HOME, *BECAUSE)
    await rig.settle()

    assert unlinked["after"] == home["id"]
    assert sorted(rig.query(DAYS)) == before
    moves = await identity(rig, "audit", HOME, "--kind", "moved")
    assert [(one["other_person_id"], one["person_id"]) for one in reversed(moves)] == [
        (home["id"], work["id"]),
        (work["id"], home["id"]),
    ]
    assert {one["reason"] for one in moves} == {"ticket 4711"}
    assert await identity(rig, "audit", "--since", "2099-01-01") == []
    assert await identity(rig, "show", "nobody@work.example", code=1) == []
    for words in (("link", HOME, HOME), ("unlink", HOME), ("link", "employee:E1", HOME)):
        asked = ["identity", *words, *BECAUSE]
        result = await asyncio.to_thread(CliRunner().invoke, cli, asked, env=dict(rig.pipeline.stack.env))
        assert "the command line has 1 problem" in str(result.exception)
