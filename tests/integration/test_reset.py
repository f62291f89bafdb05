"""`readystream reset clickhouse`: only in earnest, and while nobody works; then the sink writes all again."""

import asyncio
from collections.abc import Iterator

import pytest
from typer.testing import CliRunner

from readystream.cli import cli
from schemas.topics import LINKS, READINESS, STATEMENTS
from sinks.clickhouse import connect
from tests.integration.sink_kit import Sent, World, eventually, example, running, world_of
from tests.services.clickhouse import Database
from tests.services.kafka import Kafka

COUNTS = "SELECT (SELECT count() FROM {0}.statements), (SELECT count() FROM {0}.identity_links)"


@pytest.fixture
def world(empty_kafka: Kafka, database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    with world_of(empty_kafka, database) as one:
        group = {"READYSTREAM_SINK_GROUP_ID": one.settings().sink_group_id}
        for name, value in (empty_kafka.environment | database.environment | group).items():
            monkeypatch.setenv(name, value)
        yield one


async def reset(*words: str, typed: str = "") -> tuple[int, str]:
    """(exit code, what is said) of `readystream reset clickhouse`."""
    result = await asyncio.to_thread(
        lambda: CliRunner().invoke(cli, ["reset", "clickhouse", *words], input=typed)
    )
    return result.exit_code, result.output


@pytest.mark.apache  # the embedded broker does not let a group begin anew
async def test_the_sink_writes_everything_again(world: World) -> None:
    counts, name = COUNTS.format(world.database.name), world.database.name
    await world.send([Sent(STATEMENTS, example(STATEMENTS)), Sent(LINKS, example(LINKS))])
    await world.send([Sent(READINESS, example(READINESS), version=1)])
    async with running(world.settings()) as health:
        await eventually(lambda: sum(health.rows.values()) == 3)
        code, said = await reset("--delete", "--yes")
        assert (code, "somebody is in group" in said) == (1, True)

    assert "dry run" in (await reset())[1]
    assert (await reset("--delete", typed="another\n"))[0] == 1
    assert world.rows(counts) == [(1, 1)]
    assert (await reset("--delete", typed=f"{name}\n"))[0] == 0
    with connect(world.database.dsn) as client:
        assert name not in {row[0] for row in client.query("SHOW DATABASES").result_rows}

    assert await asyncio.to_thread(lambda: CliRunner().invoke(cli, ["migrate"]).exit_code) == 0
    async with running(world.settings()) as health:
        await eventually(lambda: sum(health.rows.values()) == 3)
    assert world.rows(counts) == [(1, 1)]
