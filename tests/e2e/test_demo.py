"""What a newcomer runs first: the demo, as a process, from its command line to its summary."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

from aiokafka import AIOKafkaProducer

from schemas.topics import STATEMENTS
from tests.services.clickhouse import Database
from tests.services.kafka import Kafka

FIGURES = {
    "forwarded",
    "accepted",
    "duplicates",
    "rejected",
    "voided",
    "distinct_statements",
    "personas",
    "persons",
    "dead_letters",
    "readiness_updates",
    "clickhouse_rows",
    "drift",
    "freshness_ms",
    "seconds",
}


def test_demo_accounts_for_every_number_and_leaves_no_process(
    empty_kafka: Kafka, database: Database, tmp_path: Path
) -> None:
    summary = tmp_path / "summary.json"
    options = ["--learners", "30", "--days", "30", "--seed", "3", "--exit", "--summary", str(summary)]
    run = subprocess.run(
        [sys.executable, "-m", "readystream", "dev", *options, "--data-dir", str(tmp_path / "data")],
        env={**os.environ, **empty_kafka.environment, **database.environment},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    figures = json.loads(summary.read_text())
    assert figures.keys() >= FIGURES
    assert figures["drift"] == 0, figures["problems"]
    assert figures["accepted"] == figures["distinct_statements"] + figures["duplicates"]
    assert figures["forwarded"] == figures["accepted"] + figures["rejected"]
    assert figures["duplicates"] > 0
    assert figures["voided"] > 0
    assert figures["readiness_updates"] > 0
    assert 0 < figures["freshness_ms"]["p50"] <= figures["freshness_ms"]["p99"]
    assert "ClickHouse holds exactly what was accepted" in run.stdout
    assert _processes_naming(str(tmp_path)) == []


def test_ctrl_c_ends_the_demo_and_every_process_of_it(
    empty_kafka: Kafka, database: Database, tmp_path: Path
) -> None:
    command = [sys.executable, "-m", "readystream", "dev", "--learners", "5", "--days", "5"]
    run = subprocess.Popen(
        [*command, "--workers", "1", "--data-dir", str(tmp_path / "data")],
        env={**os.environ, **empty_kafka.environment, **database.environment, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert run.stdout is not None
    told = []
    for line in run.stdout:
        told.append(line)
        if "Ctrl-C stops everything" in line:
            break
    assert run.poll() is None, "".join(told)
    assert len(_processes_naming(str(tmp_path))) > 1
    run.send_signal(signal.SIGINT)
    rest, _ = run.communicate(timeout=60)
    assert run.returncode == 0, rest
    assert _processes_naming(str(tmp_path)) == []


async def test_topics_that_hold_statements_are_not_written_to(
    empty_kafka: Kafka, database: Database, tmp_path: Path
) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=empty_kafka.bootstrap)
    await producer.start()
    await producer.send_and_wait(STATEMENTS.name, b"somebody's record")
    await producer.stop()
    run = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "readystream", "dev", "--exit", "--data-dir", str(tmp_path)],
        env={**os.environ, **empty_kafka.environment, **database.environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert run.returncode == 2
    assert "wants topics of its own" in run.stderr


def _processes_naming(text: str) -> list[str]:
    """Command lines of living processes that hold `text` there or in their environment, ourselves aside."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            line = (process / "cmdline").read_bytes()
            known = line + (process / "environ").read_bytes()
        except OSError:
            continue  # it ended while we looked
        if text.encode() in known and int(process.name) != os.getpid():
            found.append(line.replace(b"\0", b" ").decode(errors="replace"))
    return found
