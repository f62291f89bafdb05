"""Reconciliation of what the real stages and the real sink wrote: damage is found, named and repaired."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import httpx
import pytest

from readystream.embedded.ports import ReservedPort
from schemas.errors import UnavailableError
from schemas.examples import EXAMPLES
from schemas.topics import HR_ATTRIBUTES
from sinks.reconcile.findings import Kind
from sinks.reconcile.report import Verdict
from sinks.reconcile.staging import drop_leftovers
from streams.core.retention import DEFAULT_RETENTION
from tests.integration.reconcile_kit import Company, Reconciliation, differences, kinds
from tests.integration.sink_kit import World, world_of
from tests.services.clickhouse import Database
from tests.services.kafka import Kafka
from tests.unit.streams.samples import DAY, Linked, link

READ = {
    "statements": "SELECT * EXCEPT ingested_at FROM statements",
    "events": "SELECT * EXCEPT ingested_at FROM learning_events FINAL",
    "links": "SELECT * EXCEPT ingested_at FROM identity_links FINAL",
    "attributes": "SELECT * EXCEPT ingested_at FROM hr_attributes FINAL",
    "engagement": "SELECT * EXCEPT ingested_at FROM current_engagement",
    "skills": "SELECT * EXCEPT ingested_at FROM current_skills",
    "readiness": "SELECT * EXCEPT ingested_at FROM current_readiness",
    "snapshots": "SELECT * EXCEPT ingested_at FROM reconciliation_snapshots FINAL",
}
_RANGE = "origin_partition = 1 AND origin_offset BETWEEN 5 AND 25"
_A_MONTH_ON = "SELECT * REPLACE (event_time + INTERVAL 40 DAY AS event_time) FROM learning_events"


@dataclass(frozen=True, slots=True)
class Damage:
    """SQL that does it, the table and one of the kinds found, figures that drift among others."""

    sql: str
    table: str
    kinds: set[Kind]
    figures: set[str]
    deep: bool = False


DAMAGES = {
    "rows deleted": Damage(
        "DELETE FROM learning_events WHERE cityHash64(statement_id) % 7 = 0",
        "learning_events",
        {Kind.MISSING, Kind.ALTERED},
        {"statements", "active_slots", "evidence", "derived"},
    ),
    "raw rows deleted": Damage(
        "DELETE FROM statements WHERE cityHash64(statement_id) % 7 = 0",
        "statements",
        {Kind.MISSING},
        {"raw_log"},
    ),
    "raw rows doubled": Damage(
        "INSERT INTO statements SELECT * FROM statements WHERE origin_offset % 5 = 0 "
        "SETTINGS insert_deduplicate = 0",
        "statements",
        {Kind.DOUBLED},
        {"raw_log"},
    ),
    "events counted twice": Damage(
        f"INSERT INTO learning_events {_A_MONTH_ON} WHERE cityHash64(statement_id) % 9 = 0",
        "learning_events",
        {Kind.DOUBLED},
        {"statements", "derived"},
    ),
    "an event that nobody sent": Damage(
        "INSERT INTO learning_events SELECT * REPLACE ('forged' AS statement_id) FROM learning_events "
        "WHERE persona_id != '' AND NOT voided AND passes = 1 LIMIT 1",
        "learning_events",
        {Kind.SURPLUS, Kind.ALTERED},
        {"statements", "passes"},
    ),
    "rows altered": Damage(
        "ALTER TABLE learning_events UPDATE completions = 1, evidence = [] "
        "WHERE NOT voided AND verb NOT LIKE '%voided' AND cityHash64(statement_id) % 8 = 0 "
        "SETTINGS mutations_sync = 2",
        "learning_events",
        {Kind.ALTERED, Kind.MISSING},
        {"completions", "evidence"},
    ),
    "what no figure rests on altered": Damage(
        "ALTER TABLE learning_events UPDATE activity_name = 'other' "
        "WHERE cityHash64(statement_id) % 8 = 0 SETTINGS mutations_sync = 2",
        "learning_events",
        {Kind.ALTERED},
        {"learning_events"},
        deep=True,
    ),
    "statements altered": Damage(
        "ALTER TABLE statements UPDATE statement = '{}' WHERE origin_offset = 7 SETTINGS mutations_sync = 2",
        "statements",
        {Kind.ALTERED},
        {"statements"},
        deep=True,
    ),
    "a range of a partition lost": Damage(
        f"DELETE FROM learning_events WHERE {_RANGE}; DELETE FROM statements WHERE {_RANGE}",
        "statements",
        {Kind.MISSING},
        {"raw_log", "statements"},
    ),
    "a stale aggregate": Damage(
        "CREATE TABLE old ENGINE = Memory AS SELECT * REPLACE (version - 1 AS version, 0 AS statements) "
        "FROM engagement_windows FINAL WHERE window_days = 30; "
        "DELETE FROM engagement_windows WHERE window_days = 30; "
        "INSERT INTO engagement_windows SELECT * FROM old; DROP TABLE old",
        "engagement_windows",
        {Kind.STALE},
        {"engagement_windows"},
    ),
    "a level altered": Damage(
        "ALTER TABLE skill_levels UPDATE level = level + 0.001 WHERE true SETTINGS mutations_sync = 2",
        "skill_levels",
        {Kind.ALTERED},
        {"skill_levels"},
    ),
    "readiness lost": Damage(
        "TRUNCATE TABLE readiness_current",
        "readiness_current",
        {Kind.MISSING},
        {"readiness_current"},
    ),
    "a link lost": Damage(
        "DELETE FROM identity_links WHERE person_id = 'lena-p'",
        "identity_links",
        {Kind.MISSING},
        {"identity_links"},
    ),
    "an attribute altered, others lost": Damage(
        "ALTER TABLE hr_attributes UPDATE job_role = 'chief' WHERE person_id = 'lena-p' "
        "SETTINGS mutations_sync = 2; DELETE FROM hr_attributes WHERE person_id = 'mia-p'",
        "hr_attributes",
        {Kind.ALTERED, Kind.MISSING},
        {"hr_attributes"},
    ),
    "snapshots lost": Damage(
        "DELETE FROM reconciliation_snapshots WHERE cityHash64(cell) % 5 = 0",
        "reconciliation_snapshots",
        {Kind.HOLE},
        {"snapshots"},
    ),
}


# What does not hide each other is done at once: an examination takes a second.
TOGETHER = (
    ("rows deleted", "a stale aggregate", "readiness lost"),
    ("events counted twice", "a level altered", "a link lost"),
    ("an event that nobody sent", "raw rows doubled"),
    ("rows altered", "raw rows deleted", "an attribute altered, others lost"),
    ("a range of a partition lost",),
    ("what no figure rests on altered", "statements altered"),
    ("snapshots lost",),
)


@pytest.fixture
def world(empty_kafka: Kafka, database: Database) -> Iterator[World]:
    with world_of(empty_kafka, database) as one:
        yield one


def held(world: World) -> dict[str, list[str]]:
    """Everything that readers see, in an order of its own."""
    return {name: sorted(map(repr, world.rows(sql))) for name, sql in READ.items()}


async def test_every_kind_of_damage_is_found_and_repaired(world: World) -> None:
    company = Company()
    link(company.pipeline, Linked("lena", "lena-p"))
    link(company.pipeline, Linked("lena.private", "lena-p", valid_from=DAY + 3))
    for person in ("lena-p", "mia-p", "noor-p"):
        company.pipeline.produce(HR_ATTRIBUTES, person, {**EXAMPLES[HR_ATTRIBUTES.name], "person_id": person})
    company.learn(150)
    company.snapshot()
    company.learn(50)
    company.snapshot()
    reconciliation = Reconciliation(world, company)
    await reconciliation.publish()
    whole = held(world)
    clean = await reconciliation.examine()
    assert clean.verdict is Verdict.EXACT, clean.as_json()
    assert clean.figures["statements"].expected > 150
    assert {name for names in TOGETHER for name in names} == DAMAGES.keys()

    for names in TOGETHER:
        damages = [DAMAGES[name] for name in names]
        for sql in (sql for damage in damages for sql in damage.sql.split("; ")):
            world.client.command(sql)
        assert held(world) != whole, names

        found = await reconciliation.examine(repair=True, deep=any(damage.deep for damage in damages))
        assert found.verdict is Verdict.DRIFT, names
        for name, damage in zip(names, damages, strict=True):
            assert damage.figures <= differences(found).keys(), (name, differences(found))
            assert damage.kinds & kinds(found, damage.table), (name, found.findings)
        assert sum(found.repaired.values()) > 0, names
        assert held(world) == whole, names

    after = await reconciliation.examine(deep=True)
    assert after.verdict is Verdict.EXACT, after.as_json()
    assert world.value("SELECT count() FROM system.tables WHERE name LIKE 'reconcile\\_%'") == 0


async def test_days_that_have_expired_are_no_drift_and_those_after_them_are(world: World) -> None:
    company = Company()
    company.learn(100)
    company.snapshot()
    kept = DAY + 5
    company.today = kept + DEFAULT_RETENTION.days - 1
    company.pipeline.sweep()
    company.learn(40)
    company.snapshot()
    reconciliation = Reconciliation(world, company)
    await reconciliation.publish()

    clean = await reconciliation.examine()
    days = {check.day for checks in clean.days.values() for check in checks if check.facts == "days"}
    assert clean.verdict is Verdict.EXACT, clean.as_json()
    assert min(days) >= kept
    assert world.value("SELECT min(toInt32(toDate32(event_time))) FROM learning_events") < kept

    world.client.command(f"DELETE FROM learning_events WHERE toDate32(event_time) >= toDate32({kept})")
    assert {"statements", "active_slots"} <= differences(await reconciliation.examine()).keys()


async def test_what_was_deleted_for_its_age_is_not_missed(world: World) -> None:
    company = Company()
    company.learn(60)
    company.snapshot()
    reconciliation = Reconciliation(world, company)
    await reconciliation.publish()
    about_rows = {"raw_log", "derived", "learning_events"}

    world.client.command("DELETE FROM statements WHERE origin_offset % 3 = 0")
    world.client.command("DELETE FROM learning_events WHERE true")
    now = differences(await reconciliation.examine(deep=True))
    assert about_rows <= now.keys()

    later = differences(await reconciliation.examine(deep=True, today=company.today + 5 * 366))
    assert not about_rows & later.keys()


async def test_while_traffic_flows_nothing_is_judged_too_early(world: World) -> None:
    company = Company()
    reconciliation = Reconciliation(world, company)
    company.learn(40)
    await reconciliation.publish()
    nothing = await reconciliation.examine()
    assert nothing.verdict is Verdict.UNPROVEN
    assert set(nothing.skipped.values()) == {"no snapshot of it has arrived yet"}

    company.snapshot()
    company.learn(40)  # later than the snapshot, voids of what is in it among them
    await reconciliation.publish()
    assert (await reconciliation.examine()).verdict is Verdict.EXACT

    recent = await reconciliation.examine(since=DAY + 5, partitions=[1])
    assert recent.verdict is Verdict.EXACT
    assert recent.offsets.keys() == {1}
    days = [check.day for check in recent.days[1]]
    assert min(days) == DAY + 5

    name = "reconcile_0123456789abcdef_statements"  # as a run that was killed leaves it
    world.client.command(f"CREATE TABLE {name} (n Int32) ENGINE = Memory")
    drop_leftovers(world.client, 3600)
    assert world.value(f"EXISTS {name}") == 1
    drop_leftovers(world.client, 0)
    assert world.value(f"EXISTS {name}") == 0

    company.snapshot()
    await reconciliation.send()
    with pytest.raises(UnavailableError, match=r"the sink is behind in .*reconciliation\.snapshots"):
        await reconciliation.examine(patience_s=0.0)
    await reconciliation.sink()
    assert (await reconciliation.examine()).verdict is Verdict.EXACT


async def test_the_command_says_it_with_exit_codes_json_and_a_row_a_day(world: World) -> None:
    company = Company()
    company.learn(60)
    company.snapshot()
    await Reconciliation(world, company).publish()

    code, [report] = await reconcile(world)
    assert (code, report["verdict"]) == (0, "exact")
    assert {one["partition"] for one in report["partitions"]} == {0, 1, 2, 3}

    code, [report] = await reconcile(world, "--partition", "1", "--since", iso(DAY + 5))
    assert (code, report["verdict"]) == (0, "exact")
    assert [one["partition"] for one in report["partitions"]] == [1]
    assert min(day["day"] for day in report["days"]) == DAY + 5

    world.client.command("DELETE FROM learning_events WHERE cityHash64(statement_id) % 20 = 0")
    code, [report] = await reconcile(world)
    assert (code, report["verdict"]) == (1, "drift")
    assert any(day["checksum"] != day["recomputed"] for day in report["days"])
    code, [report] = await reconcile(world, READYSTREAM_RECONCILE_THRESHOLD="1000")
    assert (code, report["verdict"]) == (0, "within threshold")

    code, [found, after] = await reconcile(world, "--repair")
    assert (code, found["verdict"], after["verdict"]) == (0, "drift", "exact")
    assert found["repaired"]["learning_events"] > 0
    [(runs, last, repaired)] = world.rows(
        "SELECT runs, last_verdict, repaired_rows FROM reconciliation_daily"
    )
    assert (runs, last) == (6, "exact")
    assert repaired == found["repaired"]["learning_events"]


async def test_on_a_schedule_it_says_so_in_metrics(world: World) -> None:
    company = Company()
    company.learn(20)
    company.snapshot()
    await Reconciliation(world, company).publish()
    port = ReservedPort()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "readystream", "reconcile", "--every", "1"),
        env=environment(world) | {"READYSTREAM_OPS_PORT": str(port.number)},
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port.number}", trust_env=False) as http:
            async with asyncio.timeout(120):
                text = ""
                while "readystream_reconcile_runs_total{" not in text:
                    await asyncio.sleep(0.2)
                    text = await metrics(http)
    finally:
        process.terminate()
        _, logged = await process.communicate()
        port.release()
    assert process.returncode == 0
    assert 'readystream_reconcile_runs_total{verdict="exact"} 1.0' in text
    assert 'readystream_reconcile_drift_ratio{figure="statements"} 0.0' in text
    assert b'"event": "reconcile.done"' in logged


def iso(day: int) -> str:
    """A UTC day since 1970-01-01 as the command takes it."""
    return (date(1970, 1, 1) + timedelta(days=day)).isoformat()


async def metrics(http: httpx.AsyncClient) -> str:
    """What /metrics says; nothing while nobody listens."""
    try:
        return (await http.get("/metrics")).text
    except httpx.TransportError:
        return ""


async def reconcile(world: World, *options: str, **changes: str) -> tuple[int, list[dict[str, Any]]]:
    """Run `readystream reconcile --json`: its exit code and what it printed."""
    run = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "readystream", "reconcile", "--json", *options],
        env=environment(world) | changes,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert run.stdout, run.stderr
    return run.returncode, [json.loads(line) for line in run.stdout.splitlines()]


def environment(world: World) -> dict[str, str]:
    """That of a reconciler beside the sink of the tests."""
    group = {"READYSTREAM_SINK_GROUP_ID": world.settings().sink_group_id}
    return {**os.environ, **world.kafka.environment, **world.database.environment, **group}
