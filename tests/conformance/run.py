"""Run ADL's conformance suite against a receiver on the embedded broker, each version on its own mount.

`python -m tests.conformance.run DIRECTORY`, with a checkout of the suite and its node modules. Prints a table
for each version and what failed; returns 1 if a test failed that sends statements or reads single ones.
"""

import argparse
import asyncio
import logging
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import structlog

from readystream.topics import create_topics
from schemas.topics import DEAD_LETTERS, STATEMENTS
from tests.conformance.results import Result, read_results, table
from tests.contract.adapter_kit import ONE, SECRET, TWO, is_ready, serving, settings_for, until
from tests.services import kafka as kafkas

_RUNNER = "bin/console_runner.js"
_SENDER = "auditor"
_BODY_LIMIT = 8 << 20
_OURS = ("sends", "reads one statement")
_MOUNTS = {"1.0.3": ONE, "2.0.0": TWO}


def main() -> int:
    """Serve, test, tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("suite", type=Path)
    suite: Path = parser.parse_args().suite.resolve()
    if not (suite / _RUNNER).is_file():
        parser.error(f"no checkout of the suite: {suite / _RUNNER} is not there")
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    with TemporaryDirectory() as home, kafkas.running("embedded", Path(home)) as kafka:
        topics = [STATEMENTS, DEAD_LETTERS]
        asyncio.run(create_topics(kafka.bootstrap, topics, kafkas.PARTITIONS, replication=1))
        with serving(settings_for(kafka, Path(home), body_limit_bytes=_BODY_LIMIT), kafka) as adapter:
            until(lambda: is_ready(adapter), 20)
            failed = [
                _told(version, _run(suite, f"{adapter.url}{mount}", version))
                for version, mount in _MOUNTS.items()
            ]
    return 1 if any(failed) else 0


def _run(suite: Path, endpoint: str, version: str) -> list[Result]:
    before = set((suite / "logs").glob("*.log"))
    command = [
        "node",
        _RUNNER,
        "-e",
        endpoint,
        "-a",
        "-u",
        _SENDER,
        "-p",
        SECRET,
        "-x",
        version,
    ]
    ended = subprocess.run(command, cwd=suite, capture_output=True, text=True, check=False)
    logs = set((suite / "logs").glob("*.log")) - before
    if len(logs) != 1:
        sys.exit(
            f"the suite wrote {len(logs)} logs, so that nothing is known of xAPI {version}:\n{ended.stderr}"
        )
    return read_results(logs.pop())


def _told(version: str, results: list[Result]) -> int:
    """Print the results; how many tests failed that a receiver has to pass."""
    print(f"\nxAPI {version}\n", *table(results), sep="\n")
    failed = [one for one in results if one.doing in _OURS and not one.passed]
    for one in failed:
        print("-", " > ".join(one.path), one.statuses, one.error.splitlines()[0])
    return len(failed)


if __name__ == "__main__":
    sys.exit(main())
