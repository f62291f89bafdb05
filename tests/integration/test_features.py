"""Features as of a date, over what the real stages made of statements: what comes later changes nothing."""

import subprocess
import sys
from dataclasses import dataclass, field
from datetime import date, timedelta
from io import BytesIO
from os import environ
from pathlib import Path
from random import Random
from typing import Any

import pyarrow.parquet as pq
import pytest
from clickhouse_connect.driver.client import Client

from readystream.features import features
from schemas.examples import EXAMPLES
from schemas.persona import email_key, person_id
from schemas.topics import HR_ATTRIBUTES, LINKS
from sinks.buffer import Buffer
from sinks.records import RawRecord
from sinks.rounds import insert_block
from sinks.tables import BY_TOPIC
from streams.core.engagement import score
from tests.services.clickhouse import ClickHouse, Database
from tests.unit.streams.pipeline import Pipeline
from tests.unit.streams.samples import DAY, TENANT, Said, accept, build, persona

DAY_US = 86_400_000_000
WINDOWS = (7, 30)
AS_OF = DAY + 20
NAMES = ("lena", "lena.private", "mia", "noor")
STAFF = {name: person_id(TENANT, name) for name in ("lena", "mia", "omar")}


@dataclass
class History:
    """Statements, links and HR records, each received on some day, in that order."""

    pipeline: Pipeline = field(default_factory=lambda: build(1, now_us=lambda: 0))
    _loaded: dict[str, int] = field(default_factory=dict)

    def say(self, said: Said, received: int) -> None:
        """A statement, received on a day."""
        accept(self.pipeline, said, received=received)

    def link(self, who: str, person: str, start: int, recorded: int, action: str = "link") -> None:
        """A link or unlink, recorded at noon of a day."""
        value = {
            **EXAMPLES[LINKS.name],
            "persona_id": persona(who),
            "person_id": STAFF[person],
            "action": action,
            "valid_from": start,
            "recorded_at": recorded * DAY_US + DAY_US // 2,
        }
        self.pipeline.produce(LINKS, persona(who), value)

    def employ(self, person: str, role: str, start: int, recorded: int, **more: Any) -> None:
        """What HR says, recorded at noon of a day."""
        value = {
            **EXAMPLES[HR_ATTRIBUTES.name],
            "person_id": STAFF[person],
            "job_role": role,
            "valid_from": start,
            "recorded_at": recorded * DAY_US + DAY_US // 2,
            **more,
        }
        self.pipeline.produce(HR_ATTRIBUTES, STAFF[person], value)

    def load(self, client: Client) -> None:
        """Let the stages do their work and write everything new as the sink does."""
        self.pipeline.settle()
        for (topic, partition), records in self.pipeline.log.items():
            start = self._loaded.get(topic, 0)
            self._loaded[topic] = len(records)
            if topic in BY_TOPIC and len(records) > start:
                buffer = Buffer((topic, partition), 0)
                buffer.add([_raw(topic, partition, record) for record in records[start:]], 0.0)
                block = buffer.block()
                assert block is not None
                if block.rows:
                    insert_block(client, block)


def _raw(topic: str, partition: int, record: Any) -> RawRecord:
    place = (topic, partition, record.offset, 0)
    return RawRecord(*place, record.key or b"", record.value, list(record.headers), 0)


def table(client: Client, as_of: int = AS_OF) -> dict[str, dict[str, Any]]:
    """The features by person, read from the Parquet."""
    parquet, rows = features(client, as_of, WINDOWS)
    found = pq.read_table(BytesIO(parquet)).to_pylist()
    assert len(found) == rows
    return {row["person_id"]: row for row in found}


def test_a_row_says_what_was_known_of_a_person(migrated: Client) -> None:
    history = History()
    history.link("lena", "lena", DAY - 100, recorded=DAY)
    history.link("lena.private", "lena", DAY + 5, recorded=DAY + 6)
    history.employ("lena", "analyst", DAY - 50, recorded=DAY - 50, hire_date=AS_OF - 400)
    history.employ("lena", "lead", AS_OF - 2, recorded=AS_OF - 2, hire_date=AS_OF - 400)
    history.employ("lena", "chief", AS_OF + 1, recorded=AS_OF)  # known, and not yet so
    history.employ("omar", "analyst", DAY, recorded=DAY, hire_date=None)
    history.say(Said(1, "lena", "completed", day=DAY + 2), received=DAY + 2)
    history.say(Said(2, "lena", "passed", day=DAY + 16, scaled=0.9), received=DAY + 16)
    history.say(Said(3, "lena.private", "passed", day=DAY + 16, scaled=0.9), received=DAY + 16)
    history.say(Said(4, "lena.private", "experienced", day=DAY + 1), received=DAY + 16)
    history.load(migrated)

    found = table(migrated)

    lena, omar = found[STAFF["lena"]], found[STAFF["omar"]]
    assert set(found) == {STAFF["lena"], STAFF["omar"], persona("lena.private")}
    assert {name: lena[name] for name in ("job_role", "tenure_days", "days_known", "days_idle")} == {
        "job_role": "lead",
        "tenure_days": 400,
        "days_known": 19,
        "days_idle": 4,
    }
    counted = ("active_days", "active_minutes", "statements", "completions", "passes")
    assert [lena[f"{name}_7"] for name in counted] == [1, 5, 2, 0, 2]
    assert [lena[f"{name}_30"] for name in counted] == [2, 10, 3, 1, 2]
    assert lena["score_30"] == pytest.approx(score(30, 2, 10, 4))
    assert (omar["job_role"], omar["statements_30"], omar["score_30"], omar["tenure_days"]) == (
        "analyst",
        0,
        None,
        None,
    )
    measured = (*counted, "fails", "sessions", "score")
    assert set(lena) == {
        *("person_id", "as_of", "job_role", "status", "manager_id", "tenure_days", "days_known", "days_idle"),
        *(f"{name}_{days}" for name in measured for days in WINDOWS),
    }
    texts = " ".join(str(value) for row in found.values() for value in row.values())
    assert "@" not in texts
    assert email_key("lena@example.com") not in texts


@pytest.mark.parametrize("seed", range(6))
def test_what_arrives_later_never_changes_the_features_of_a_date(migrated: Client, seed: int) -> None:
    rng = Random(seed)
    history = History()
    number = 0

    def a_day_passes(day: int) -> None:
        nonlocal number
        for _ in range(rng.randrange(4)):
            number += 1
            verb, minute = rng.choice(["passed", "completed", "experienced"]), rng.randrange(1440)
            happened = rng.randint(DAY, min(day, AS_OF + 5))
            history.say(Said(number, rng.choice(NAMES), verb, 1, happened, minute, 0.9), day + 1)
        if number and rng.random() < 0.3:
            history.say(Said(1000 + day, "admin", "voided", day=day, voids=rng.randint(1, number)), day)
        if rng.random() < 0.3:
            action = rng.choice(["link", "link", "unlink"])
            start = rng.randint(DAY - 5, day)
            history.link(rng.choice(NAMES), rng.choice(list(STAFF)), start, day, action)
        if rng.random() < 0.3:
            history.employ(rng.choice(list(STAFF)), f"role-{day}", rng.randint(DAY - 5, day + 3), day)

    for day in range(DAY, AS_OF + 1):
        a_day_passes(day)
    history.load(migrated)
    known = table(migrated)
    assert len(known) > 1

    for day in range(AS_OF + 1, AS_OF + 30):
        a_day_passes(day)
    history.load(migrated)
    assert table(migrated) == known
    assert table(migrated, AS_OF + 29) != known


def test_the_command_writes_a_file(clickhouse: ClickHouse, migrated: Client, tmp_path: Path) -> None:
    history = History()
    history.say(Said(1, "lena", "completed"), received=DAY)
    history.load(migrated)
    out = tmp_path / "features.parquet"
    as_of = (date(1970, 1, 1) + timedelta(days=AS_OF)).isoformat()
    command = [sys.executable, "-m", "readystream", "features", "--as-of", as_of, "--out", str(out)]

    run = subprocess.run(
        command,
        env={**environ, **Database(clickhouse.dsn, str(migrated.database)).environment},
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 0, run.stderr
    assert run.stdout == f"1 persons in {out}\n"
    assert out.read_bytes()[:4] == b"PAR1"
