"""The puller as a process: from the sources file to the log, until it is told to stop."""

import asyncio
import subprocess
import sys
from pathlib import Path

from tests.integration.bulk_kit import TENANT_KEY, read_statements
from tests.integration.pull_kit import KEY, SECRET, Lrs, serving
from tests.services.kafka import Kafka

SOURCES = """
sources:
  - name: academy
    endpoint: {url}/xapi
    key: {key}
    secret_env: ACADEMY_SECRET
    version: "2.0.0"
    poll_s: 0.1
"""
PULL = """
from readystream.pull import run
from schemas.settings import PullSettings, load
run(load(PullSettings))
"""


def environment(kafka: Kafka, sources: Path, group: str) -> dict[str, str]:
    return {
        **kafka.environment,
        "READYSTREAM_TENANT_KEY": TENANT_KEY,
        "READYSTREAM_SOURCES_FILE": str(sources),
        "READYSTREAM_PULL_GROUP_ID": group,
        "ACADEMY_SECRET": SECRET,
        "PATH": "",
    }


async def test_it_pulls_until_it_is_told_to_stop(empty_kafka: Kafka, tmp_path: Path, group_id: str) -> None:
    async with serving(Lrs()) as lrs:
        for second in range(10):
            lrs.store(second)
        sources = tmp_path / "sources.yaml"
        sources.write_text(SOURCES.format(url=lrs.url, key=KEY))
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-c",
            PULL,
            env=environment(empty_kafka, sources, group_id),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        try:
            found = await read_statements(empty_kafka, 10)
            process.terminate()
            output = await _rest(process)
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
    assert sorted(read.value["statement_id"] for read in found) == sorted(s["id"] for s in lrs.statements)
    assert process.returncode == 0, output
    assert SECRET not in output


async def _rest(process: asyncio.subprocess.Process) -> str:
    async with asyncio.timeout(20):
        output, _ = await process.communicate()
    return output.decode()
