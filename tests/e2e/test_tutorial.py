"""The tutorial, followed to the letter: each command is typed, and what the page says it shows has to appear.

The first block, which makes the environment, is replaced by the same `readystream dev` with less to do.
"""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.documents import ROOT, blocks
from tests.services.clickhouse import Database
from tests.services.kafka import Kafka

PATIENCE_S = 60.0
_END = "end-of-this-block"


class Terminal:
    """A shell that a reader types into."""

    def __init__(self, folder: Path) -> None:
        self._shell = subprocess.Popen(
            ["bash"],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def typed(self, text: str) -> str:
        """What it shows after these lines."""
        assert self._shell.stdin is not None
        assert self._shell.stdout is not None
        self._shell.stdin.write(f"{text}\necho {_END}\n")
        self._shell.stdin.flush()
        return "".join(iter(self._shell.stdout.readline, f"{_END}\n"))

    def close(self) -> None:
        """Close it."""
        self._shell.communicate(timeout=10)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with what the tutorial finds in a clone."""
    (tmp_path / "config").symlink_to(ROOT / "config")
    (tmp_path / ".venv").symlink_to(sys.prefix)
    return tmp_path


@pytest.fixture
def pipeline(folder: Path, empty_kafka: Kafka, database: Database) -> Iterator[str]:
    """The pipeline of the first step, running; what it said until it was ready."""
    _not_at_midnight()
    run = subprocess.Popen(
        [sys.executable, "-m", "readystream", "dev", "--learners", "5", "--days", "5", "--workers", "1"],
        cwd=folder,
        env={
            **os.environ,
            **empty_kafka.environment,
            **database.environment,
            "PYTHONPATH": str(ROOT),
            "PYTHONUNBUFFERED": "1",
            "READYSTREAM_SNAPSHOT_EVERY_S": "0.5",
            "READYSTREAM_SWEEP_INTERVAL_S": "0.5",
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert run.stdout is not None
    told = ""
    while "Ctrl-C stops everything" not in told:
        line = run.stdout.readline()
        assert line, told
        told += line
    yield told
    run.send_signal(signal.SIGINT)
    run.communicate(timeout=60)


@pytest.fixture
def terminal(folder: Path) -> Iterator[Terminal]:
    """The second terminal."""
    shell = Terminal(folder)
    yield shell
    shell.close()


def test_the_tutorial_shows_what_it_says(pipeline: str, terminal: Terminal) -> None:
    (_, said), *steps = _steps()
    assert _shows(pipeline, said)
    for commands, said in steps:
        _until_shown(terminal, commands, said)
    assert len(steps) > 7


def _steps() -> list[tuple[str, str]]:
    """(commands, what the page says they show), one after the other; the latter may be empty."""
    steps: list[tuple[str, str]] = []
    for block in blocks(ROOT / "docs" / "tutorial.md"):
        if block.language == "sh":
            steps.append((block.text, ""))
        else:
            steps[-1] = (steps[-1][0], block.text)
    return steps


def _until_shown(terminal: Terminal, commands: str, said: str) -> None:
    """Type commands, again for a while if they do not show yet what they should: they may be repeated."""
    deadline = time.monotonic() + PATIENCE_S
    shown = terminal.typed(commands)
    while not _shows(shown, said):
        assert time.monotonic() < deadline, f"{commands}\nshows\n{shown}\nand not\n{said}"
        time.sleep(0.5)
        shown = terminal.typed(commands)


def _shows(shown: str, said: str) -> bool:
    """Whether the lines that a page shows appear in this order; … stands for anything."""
    lines = [re.escape(line.strip()).replace("…", ".*") for line in said.splitlines()]
    return re.search(".*^ *".join(["", *lines]), shown, re.DOTALL | re.MULTILINE) is not None


def _not_at_midnight() -> None:
    """The pipeline's day is fixed at its start; what is sent on the next one would not count."""
    left = timedelta(days=1) - (datetime.now(UTC) - datetime.now(UTC).replace(hour=0, minute=0, second=0))
    if left < timedelta(minutes=3):
        time.sleep(left.total_seconds() + 1)
