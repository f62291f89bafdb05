"""The two receivers that are compared, each as a process of its own, and what they cost."""

import asyncio
import json
import os
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import clickhouse_connect

from readystream.embedded.ports import ReservedPort
from readystream.topics import create_topics
from schemas.topics import STATEMENTS
from tests.contract.adapter_kit import SECRET, TENANT_KEY, credentials_file
from tests.services import clickhouse as clickhouses
from tests.services import kafka as kafkas

KEY = "strict"
RALPH = ("ralph-malph[lrs,cli,backend-clickhouse]>=5,<6", "requests")  # it imports requests unasked
_READY_S = 60.0
_TICKS = os.sysconf("SC_CLK_TCK")
_TABLE = """
CREATE TABLE xapi.xapi_events_all (event_id UUID, emission_time DateTime64(6), event String)
ENGINE MergeTree ORDER BY (emission_time, event_id) PRIMARY KEY (emission_time, event_id)
"""


@dataclass(frozen=True, slots=True)
class Receiver:
    """A receiver that serves on loopback."""

    name: str
    port: int
    path: str
    process: int

    def cpu_s(self) -> float:
        """Seconds of processor time that it has used, all its threads together."""
        fields = Path(f"/proc/{self.process}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS

    def memory_mb(self) -> float:
        """Megabytes that it holds now."""
        pages = int(Path(f"/proc/{self.process}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


@contextmanager
def ours(home: Path) -> Iterator[Receiver]:
    """The adapter before the embedded broker: it answers once the broker has acknowledged."""
    with kafkas.running("embedded", home / "ours") as kafka:
        asyncio.run(create_topics(kafka.bootstrap, [STATEMENTS], kafkas.PARTITIONS, replication=1))
        port = ReservedPort()
        environment = {
            **os.environ,
            **kafka.environment,
            "READYSTREAM_TENANT_KEY": TENANT_KEY,
            "ADAPTER_PORT": str(port.number),
            "READYSTREAM_CREDENTIALS_FILE": str(credentials_file(home)),
            "READYSTREAM_ATTACHMENTS_DIR": str(home / "attachments"),
        }
        command = [sys.executable, "-m", "readystream", "adapter"]
        with _serving("Readystream", command, environment, port.number, "/xapi/statements", home) as receiver:
            yield receiver


@contextmanager
def ralph(home: Path, environment_home: Path) -> Iterator[Receiver]:
    """Ralph before ClickHouse, one of its storages for deployment: it answers once that has the rows."""
    binary = _installed(environment_home)
    with ExitStack() as stack:
        clickhouse = stack.enter_context(clickhouses.running("embedded", home / "ralph"))
        with clickhouse_connect.get_client(dsn=clickhouse.dsn) as client:
            client.command("CREATE DATABASE xapi")
            client.command(_TABLE)
        host, _, database_port = clickhouse.dsn.rpartition("@")[2].removeprefix("http://").partition(":")
        port = ReservedPort()
        environment = {
            **os.environ,
            "RALPH_APP_DIR": str(home),
            "RALPH_AUTH_FILE": str(_users(binary, home)),
            "RALPH_RUNSERVER_BACKEND": "clickhouse",
            "RALPH_BACKENDS__LRS__CLICKHOUSE__HOST": host,
            "RALPH_BACKENDS__LRS__CLICKHOUSE__PORT": database_port.rstrip("/"),
        }
        command = [
            str(binary / "uvicorn"),
            "ralph.api:app",
            "--host=127.0.0.1",
            f"--port={port.number}",
            "--no-access-log",
        ]
        yield stack.enter_context(
            _serving("Ralph", command, environment, port.number, "/xAPI/statements", home)
        )


def _installed(home: Path) -> Path:
    """The directory of the programs of Ralph's own environment, made at first."""
    binary = home / "bin"
    if not (binary / "uvicorn").exists():
        shutil.rmtree(home, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", str(home)], check=True)
        subprocess.run([str(binary / "pip"), "install", "--quiet", *RALPH], check=True)
    return binary


def _users(binary: Path, home: Path) -> Path:
    """Ralph's credentials, with the same key and secret as ours."""
    hashing = "import bcrypt, sys; print(bcrypt.hashpw(sys.argv[1].encode(), bcrypt.gensalt()).decode())"
    hashed = subprocess.run(
        [str(binary / "python"), "-c", hashing, SECRET], check=True, capture_output=True, text=True
    )
    agent = {"objectType": "Agent", "mbox": "mailto:bench@example.com"}
    user = {"username": KEY, "hash": hashed.stdout.strip(), "scopes": ["all"], "agent": agent, "target": None}
    path = home / "auth.json"
    path.write_text(json.dumps([user]), encoding="utf-8")
    return path


@contextmanager
def _serving(
    name: str, command: list[str], environment: dict[str, str], port: int, path: str, home: Path
) -> Iterator[Receiver]:
    log_file = home / f"{name}.log"
    with log_file.open("wb") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log, cwd=home)
    try:
        _wait_for(f"http://127.0.0.1:{port}{path.rpartition('/')[0]}/about", process, log_file)
        yield Receiver(name, port, path, process.pid)
    finally:
        process.terminate()
        process.wait()


def _wait_for(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + _READY_S
    while process.poll() is None and time.monotonic() < deadline:
        try:
            urllib.request.urlopen(address, timeout=1).close()
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"{process.args!r} did not come up: {log.read_text()[-2000:]}")
