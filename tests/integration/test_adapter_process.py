"""The receiver as a process: started by its command, stopped by a signal, telling nothing personal."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from readystream.embedded.ports import ReservedPort
from readystream.topics import create_topics
from schemas.topics import STATEMENTS
from tests.contract.adapter_kit import (
    TENANT_KEY,
    Adapter,
    all_records,
    credentials_file,
    decoded,
    is_ready,
    statement,
    until,
)
from tests.services.kafka import PARTITIONS, Kafka


@contextmanager
def _process(kafka: Kafka, home: Path, **changes: str) -> Iterator[tuple[Adapter, subprocess.Popen[bytes]]]:
    asyncio.run(create_topics(kafka.bootstrap, [STATEMENTS], PARTITIONS, replication=1))
    port = ReservedPort()
    environment = {
        **os.environ,
        **kafka.environment,
        "READYSTREAM_TENANT_KEY": TENANT_KEY,
        "ADAPTER_PORT": str(port.number),
        "READYSTREAM_CREDENTIALS_FILE": str(credentials_file(home)),
        "READYSTREAM_ATTACHMENTS_DIR": str(home / "attachments"),
        **changes,
    }
    with (home / "log").open("wb") as log:
        command = [sys.executable, "-m", "readystream", "adapter"]
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    adapter = Adapter(f"http://127.0.0.1:{port.number}", kafka, home / "attachments")
    try:
        until(lambda: port.answers() and is_ready(adapter), 30)
        yield adapter, process
    finally:
        process.kill()
        process.wait()
        port.release()


def _lines(home: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in (home / "log").read_text().splitlines() if line.startswith("{")]


def test_a_stop_finishes_what_was_accepted(kafka: Kafka, tmp_path: Path) -> None:
    acknowledged: list[str] = []

    def send(adapter: Adapter) -> None:
        with adapter.sender() as sender:
            while True:
                try:
                    response = sender.post("/statements", json=[statement() for _ in range(20)])
                except httpx.TransportError:
                    return
                assert response.status_code in (200, 503)
                acknowledged.extend(response.json() if response.status_code == 200 else [])

    with _process(kafka, tmp_path) as (adapter, process):
        senders = [threading.Thread(target=send, args=(adapter,)) for _ in range(3)]
        for sender in senders:
            sender.start()
        until(lambda: len(acknowledged) > 200, 30)
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) in (0, -signal.SIGTERM)
        for sender in senders:
            sender.join()
    stored = [decoded(record)["statement_id"] for record in asyncio.run(all_records(kafka.bootstrap))]
    assert set(acknowledged) <= set(stored)
    assert len(acknowledged) == len(set(acknowledged))
    assert "adapter.stopped" in {line["event"] for line in _lines(tmp_path)}


def test_each_request_is_one_line_without_personal_data(kafka: Kafka, tmp_path: Path) -> None:
    with _process(kafka, tmp_path) as (adapter, process):
        with adapter.sender() as sender:
            sender.post("/statements", json=[statement(actor={"mbox": "mailto:very.private@example.com"})])
            sender.post("/statements", json=[statement(actor={"mbox": "very.private"})])
            correlation_id = sender.headers["x-correlation-id"]
        process.send_signal(signal.SIGTERM)
        process.wait(20)
    text = (tmp_path / "log").read_text()
    assert "very.private" not in text
    told = [line for line in _lines(tmp_path) if line.get("correlation_id") == correlation_id]
    assert [(line["event"], line["status"], line["statements"], line["reason"]) for line in told] == [
        ("adapter.request", 200, 1, ""),
        ("adapter.request", 400, 0, "invalid-statement"),
    ]
    assert all(line["credential"] == "strict" and float(str(line["ms"])) > 0 for line in told)


def test_the_sample_credential_is_warned_of_where_others_can_reach_it(kafka: Kafka, tmp_path: Path) -> None:
    sample = Path(__file__).parents[2] / "config/credentials.json"
    with _process(kafka, tmp_path, ADAPTER_HOST="0.0.0.0", READYSTREAM_CREDENTIALS_FILE=str(sample)) as (
        _,
        process,
    ):
        process.send_signal(signal.SIGTERM)
        process.wait(20)
    assert "adapter.sample_credential" in {line["event"] for line in _lines(tmp_path)}


def test_a_wrong_credentials_file_stops_the_start_with_every_problem(kafka: Kafka, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.json"
    wrong.write_text('{"credentials": [{"name": "", "key": "k", "secret": "clear", "scopes": []}]}')
    environment = {
        **os.environ,
        **kafka.environment,
        "READYSTREAM_TENANT_KEY": TENANT_KEY,
        "READYSTREAM_CREDENTIALS_FILE": str(wrong),
    }
    command = [sys.executable, "-m", "readystream", "adapter"]
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=30, check=False)
    assert ended.returncode == 2
    for problem in ("credentials/0/name", "credentials/0/secret", "credentials/0/scopes"):
        assert problem in ended.stderr
