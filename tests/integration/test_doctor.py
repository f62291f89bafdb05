"""`readystream doctor` tells what is wrong, and what to do."""

import asyncio
import re
import socket
import time
from dataclasses import replace
from pathlib import Path

import orjson
import pytest
from typer.testing import CliRunner

from readystream.cli import cli
from readystream.doctor import Finding, examine
from readystream.topics import create_topics, delete_topics
from schemas.topics import LINKS, STATEMENTS
from sinks.clickhouse import connect
from tests.integration.registry_kit import Registry, serving
from tests.services.clickhouse import Database
from tests.services.kafka import PARTITIONS, Kafka

RUNNER = CliRunner()


@pytest.fixture
def installation(empty_kafka: Kafka, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Topics are there, the database is not migrated yet."""
    monkeypatch.setenv("READYSTREAM_TENANT_KEY", "a tenant key of tests")
    for name, value in (empty_kafka.environment | database.environment).items():
        monkeypatch.setenv(name, value)


def examined(exit_code: int) -> list[Finding]:
    result = RUNNER.invoke(cli, ["doctor", "--json"])
    assert result.exit_code == exit_code, result.output
    return [Finding(**orjson.loads(line)) for line in result.stdout.splitlines()]


def remedies(findings: list[Finding]) -> dict[str, str]:
    return {finding.check: finding.remedy for finding in findings if not finding.is_well}


@pytest.mark.usefixtures("installation")
def test_it_names_what_is_left_to_do_and_is_content_once_that_is_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert remedies(examined(exit_code=1)) == {
        "credentials": "replace it: readystream credentials hash",
        "migrations": "readystream migrate",
    }

    own = tmp_path / "credentials.json"
    own.write_text('{"credentials": []}')
    monkeypatch.setenv("READYSTREAM_CREDENTIALS_FILE", str(own))
    assert RUNNER.invoke(cli, ["migrate"]).exit_code == 0

    assert {finding.check for finding in examined(exit_code=0)} == {
        "settings",
        "configuration",
        "credentials",
        "webhooks",
        "kafka",
        "topics",
        "clickhouse",
        "clock",
        "disk",
        "migrations",
    }


@pytest.mark.usefixtures("installation")
def test_one_thing_that_is_wrong_hides_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    skill_map = tmp_path / "skill-map.yaml"
    skill_map.write_text("version: 1\n")
    webhooks = tmp_path / "webhooks.yaml"
    webhooks.write_text("version: 1\n")
    monkeypatch.setenv("READYSTREAM_WEBHOOKS_FILE", str(webhooks))
    with socket.socket() as nobody:  # bound and not listening: whoever connects is refused
        nobody.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{nobody.getsockname()[1]}"
        monkeypatch.setenv("READYSTREAM_SKILL_MAP_FILE", str(skill_map))
        monkeypatch.setenv("CLICKHOUSE_DSN", f"http://default@{address}")
        monkeypatch.setenv("READYSTREAM_PARTITIONS", "7")
        monkeypatch.delenv("READYSTREAM_TENANT_KEY")

        found = remedies(examined(exit_code=1))

    assert found["settings"].startswith("set it in the environment")
    assert found["configuration"] == "mend the file"
    assert found["webhooks"] == "mend the file"
    assert found["topics"].startswith("set READYSTREAM_PARTITIONS")
    assert found["clickhouse"].startswith("start it")


@pytest.mark.usefixtures("installation")
def test_topics_that_are_missing_or_kept_too_short_and_a_newer_database_are_named(
    empty_kafka: Kafka, database: Database
) -> None:
    short = replace(STATEMENTS, retention_ms=1000)
    asyncio.run(delete_topics(empty_kafka.bootstrap, [STATEMENTS.name, LINKS.name]))
    asyncio.run(create_topics(empty_kafka.bootstrap, [short], PARTITIONS, 1))
    assert RUNNER.invoke(cli, ["migrate"]).exit_code == 0
    with connect(database.dsn, database.name) as client:
        client.command("INSERT INTO schema_migrations (version, name, checksum) VALUES (9999, 'later', 'x')")

    found = {(one.check, one.said): one.remedy for one in examined(exit_code=1)}

    assert found["topics", f"{LINKS.name} is missing"] == "readystream topics create"
    kept = f"{STATEMENTS.name} has retention.ms=1000, less than {STATEMENTS.retention_ms}"
    assert found["topics", kept].startswith("change the topic's setting")
    newer = "the database has migration 9999, which this release does not know"
    assert found["migrations", newer].startswith("use the release that wrote")


@pytest.mark.usefixtures("installation")
def test_a_registry_is_asked_once_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(Registry()) as registry:
        monkeypatch.setenv("SCHEMA_REGISTRY_URL", registry.url)
        assert remedies(examined(exit_code=1))["schemas"] == "readystream schemas register"
        assert RUNNER.invoke(cli, ["schemas", "register"]).exit_code == 0
        well = [finding for finding in examined(exit_code=1) if finding.check == "schemas"]
        assert [finding.is_well for finding in well] == [True]
        registry.troubles = [500] * 9
        assert remedies(examined(exit_code=1))["schemas"].startswith("start the registry")


def test_a_broker_that_is_away_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:1")
    monkeypatch.setenv("CLICKHOUSE_DSN", "http://default@127.0.0.1:1")

    assert remedies(examined(exit_code=1))["kafka"].startswith("start the broker")


@pytest.mark.parametrize("ahead_s", [90.0, -90.0, 0.5])
def test_a_clock_that_is_off_is_named_and_by_how_much_at_least(
    database: Database, monkeypatch: pytest.MonkeyPatch, ahead_s: float
) -> None:
    monkeypatch.setenv("KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:1")
    for name, value in database.environment.items():
        monkeypatch.setenv(name, value)

    [clock] = [one for one in examine(lambda: time.time() + ahead_s) if one.check == "clock"]

    assert clock.is_well == (ahead_s == 0.5)
    told = re.fullmatch(r"this machine and ClickHouse differ by (\S+) s or more", clock.said)
    assert clock.is_well or (told is not None and 80.0 < float(told[1]) <= 90.0)
