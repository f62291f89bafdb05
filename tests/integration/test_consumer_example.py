"""The example consumer of the documentation: what it prints for what the topic holds."""

import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping

import pytest
from aiokafka import AIOKafkaProducer

from readystream.schema_registry.subjects import ids, register
from schemas import codec
from schemas.examples import EXAMPLES
from schemas.headers import headers, told
from schemas.topics import CATALOGUE, READINESS
from tests.documents import ROOT, blocks
from tests.integration.registry_kit import Registry, serving
from tests.integration.test_schema_registry import client_of
from tests.services.kafka import Kafka

PAGE = ROOT / "docs" / "consume-scores.md"
KEY = "p7n5l3j1h9g8f6d4s2a1q3w5ea|data-analyst"
OTHER = "k3v5q2m7x4r6t8w9y1z3b5d7fa|data-analyst"
LAST = "last|data-analyst"
TOLD = "developing, because of 6690e6c9-3ef0-4ed3-8b37-7f3964730bee"
SAID = [
    (KEY, 5, 69.0),
    (KEY, 4, 12.0),  # older, after a worker began anew
    (KEY, 5, 69.0),  # read twice
    (OTHER, 9, None),
    (KEY, 6, 70.5),
    (OTHER, 10, "withdrawn"),
    (OTHER, 9, None),  # older than its withdrawal
    (LAST, 1, "withdrawn"),
]
PRINTED = [
    f"{KEY} 69.0 (40 to 90), {TOLD}",
    f"{OTHER} not enough evidence yet, confidence 0.47",
    f"{KEY} 70.5 (40 to 90), {TOLD}",
    f"{OTHER} withdrawn",
    f"{LAST} withdrawn",
]


async def _publish(kafka: Kafka) -> None:
    """Everything in one partition, where the order is certain."""
    async with AIOKafkaProducer(bootstrap_servers=kafka.bootstrap) as producer:
        for key, version, score in SAID:
            value, said = None, told("delivery", version=version)
            if score != "withdrawn":
                figure = EXAMPLES[READINESS.name] | {"score": score, "version": version}
                value = codec.encode(READINESS, figure)
                said = headers(READINESS, "delivery", version=version)
            await producer.send_and_wait(
                READINESS.name, value, key=key.encode(), partition=0, headers=list(said)
            )


def _printed(kafka: Kafka, environment: Mapping[str, str]) -> Iterator[str]:
    """What the example prints, up to the last record; then Ctrl-C ends it without a traceback."""
    process = subprocess.Popen(
        [sys.executable, "docs/examples/print_scores.py"],
        cwd=ROOT,
        env={**os.environ, "KAFKA_BOOTSTRAP_SERVERS": kafka.bootstrap, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        for line in process.stdout:
            yield line.rstrip("\n")
            if line.startswith(LAST):
                break
    finally:
        process.send_signal(signal.SIGINT)
        _, complaints = process.communicate(timeout=20)
        # The client may say of partitions made a moment ago that they have no leader yet.
        assert (process.returncode, "Traceback" in complaints) == (0, False), complaints


def _run(command: str) -> str:
    """What a command of the page prints."""
    return subprocess.run(shlex.split(command), capture_output=True, text=True, timeout=60, check=True).stdout


@pytest.fixture
def registry_at() -> Iterator[str]:
    """The address of a registry whose ids records carry."""
    with serving(Registry()) as server:
        with client_of(server) as (registry, _):
            list(register(registry, CATALOGUE))
            codec.adopt(ids(registry, CATALOGUE))
        yield server.url
        codec.adopt({})


async def test_the_example_decodes_by_the_schemas_file(empty_kafka: Kafka) -> None:
    await _publish(empty_kafka)
    assert list(_printed(empty_kafka, {})) == PRINTED


async def test_the_example_decodes_by_a_registry(empty_kafka: Kafka, registry_at: str) -> None:
    await _publish(empty_kafka)
    nowhere = {"SCHEMA_REGISTRY_URL": registry_at, "SCHEMA_FILE": "/nonexistent"}
    assert list(_printed(empty_kafka, nowhere)) == PRINTED


@pytest.mark.apache  # kcat's library and the embedded broker do not understand each other
async def test_kcat_shows_keys_headers_and_lengths(empty_kafka: Kafka) -> None:
    await _publish(empty_kafka)
    command = next(block.text for block in blocks(PAGE) if block.text.startswith("kcat"))
    shown = _run(command.replace("127.0.0.1:9092", empty_kafka.bootstrap))
    lines = [line.split("  ") for line in shown.splitlines()]
    assert [key for key, _, _ in lines] == [key for key, _, _ in SAID]
    for (_, said, length), (_, version, score) in zip(lines, SAID, strict=True):
        assert f"version={version}" in said.split(",")
        assert (length == "-1 bytes") == (score == "withdrawn")


def test_the_page_shows_what_the_example_does() -> None:
    shown = {block.language: block.text for block in blocks(PAGE)}
    script = (ROOT / "docs" / "examples" / "print_scores.py").read_text("utf-8")
    for line in shown["python"].strip().splitlines():
        assert line.strip() in script
    assert shown["text"].splitlines()[:1] == PRINTED[:1]
