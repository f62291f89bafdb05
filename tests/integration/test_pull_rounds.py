"""Rounds against an LRS that answers over HTTP, into a real broker."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from hashlib import sha256
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry

from lrs_adapter.attachments.store import AttachmentStore
from lrs_adapter.bulk.writer import LogWriter, log_writer
from lrs_adapter.pull.checkpoints import read_checkpoint
from lrs_adapter.pull.lrs_client import LrsClient, Trouble, iso
from lrs_adapter.pull.progress import Progress
from lrs_adapter.pull.rounds import Rounds
from schemas.headers import traceparent_of
from schemas.metrics import PullMetrics
from schemas.topics import PULL_CHECKPOINTS
from schemas.trace_context import parsed
from tests.integration.bulk_kit import TENANT_KEY, read_dead_letters, read_log, read_statements
from tests.integration.pull_kit import BEGIN, SECOND, SECRET, Lrs, serving
from tests.services.kafka import Broker, Kafka, describe, empty_catalogue

_PAGE_BYTES = 2 << 20
Puller = Callable[[], Awaitable[Rounds]]


@pytest.fixture
async def lrs() -> AsyncIterator[Lrs]:
    async with serving(Lrs()) as served:
        yield served


@pytest.fixture
async def writer(empty_kafka: Kafka) -> AsyncIterator[LogWriter]:
    async with log_writer(empty_kafka.bootstrap, idempotent=not empty_kafka.is_embedded) as opened:
        yield opened


@pytest.fixture
async def puller(lrs: Lrs, empty_kafka: Kafka, writer: LogWriter, tmp_path: Path) -> AsyncIterator[Puller]:
    """Makes a puller as a start of the process does: from the checkpoint."""
    async with AsyncExitStack() as clients:

        async def start() -> Rounds:
            source = lrs.source(attachments=bool(lrs.data))
            client = LrsClient(source, SECRET, timeout_s=5, page_bytes=_PAGE_BYTES)
            await clients.enter_async_context(client)
            cursor = await read_checkpoint(empty_kafka.bootstrap, writer, "academy")
            return Rounds(
                "academy",
                client=client,
                writer=writer,
                attachments=AttachmentStore(tmp_path),
                progress=Progress(cursor, 10 * SECOND),
                tenant_key=TENANT_KEY.encode(),
                metrics=PullMetrics(CollectorRegistry()),
            )

        yield start


async def ids(kafka: Kafka, count: int) -> list[str]:
    """Ids in the log, sorted."""
    return sorted(read.value["statement_id"] for read in await read_statements(kafka, count))


def stored_ids(lrs: Lrs) -> list[str]:
    return sorted(one["id"] for one in lrs.statements)


async def test_every_page_is_read_once(lrs: Lrs, puller: Puller, empty_kafka: Kafka) -> None:
    for second in range(8):
        lrs.store(second)
    rounds = await puller()
    assert await rounds.run() is None
    assert await rounds.run() is None
    found = await read_statements(empty_kafka, 8)
    assert sorted(read.value["statement_id"] for read in found) == stored_ids(lrs)
    assert {(read.value["source"], read.value["credential"]) for read in found} == {("pull", "academy")}
    assert len({read.value["correlation_id"] for read in found}) == 1
    (trace,) = {traceparent_of(read.headers) for read in found}
    assert parsed(trace.decode())


async def test_a_restart_goes_on_behind_the_overlap(
    lrs: Lrs, puller: Puller, empty_kafka: Kafka, writer: LogWriter
) -> None:
    for second in (0, 100, 200):
        lrs.store(second)
    assert await (await puller()).run() is None
    through = await read_checkpoint(empty_kafka.bootstrap, writer, "academy")
    assert through == BEGIN + 200 * SECOND - 1
    lrs.store(300)
    lrs.asked.clear()
    assert await (await puller()).run() is None
    assert lrs.asked[0] == {"ascending": "true", "since": iso(through - 10 * SECOND)}
    found = await ids(empty_kafka, 5)
    assert sorted(set(found)) == stored_ids(lrs)
    assert len(found) == 5


async def test_what_becomes_visible_late_is_not_lost(lrs: Lrs, puller: Puller, empty_kafka: Kafka) -> None:
    lrs.through = BEGIN + 50 * SECOND
    lrs.store(40)
    lrs.store(100)
    rounds = await puller()
    assert await rounds.run() is None
    lrs.store(60)
    lrs.through = BEGIN + 110 * SECOND
    assert await rounds.run() is None
    assert await ids(empty_kafka, 3) == stored_ids(lrs)
    checkpoints = await read_log(empty_kafka, PULL_CHECKPOINTS, 3)
    named = [read.value["stored_through"] for read in checkpoints if read.value["source"]]
    assert named == [BEGIN + 50 * SECOND, BEGIN + 100 * SECOND - 1]


@pytest.mark.parametrize(
    ("fault", "reason", "wait_s"),
    [
        ("429 7", "429", 7.0),
        ("429 999999999", "429", 3600.0),
        ("503", "503", None),
        ("401", "401", None),
        ("drop", "connection", None),
        ("malformed", "malformed", None),
        ("elsewhere", "malformed", None),
        ("itself", "malformed", None),
    ],
)
async def test_trouble_ends_a_round_and_the_next_makes_it_whole(
    lrs: Lrs, puller: Puller, empty_kafka: Kafka, fault: str, reason: str, wait_s: float | None
) -> None:
    for second in range(5):
        lrs.store(second)
    rounds = await puller()
    lrs.faults = [fault, fault] if fault == "itself" else [fault]
    trouble = await rounds.run()
    assert isinstance(trouble, Trouble)
    assert (trouble.reason, trouble.retry_after_s) == (reason, wait_s)
    assert await rounds.run() is None
    assert await ids(empty_kafka, 5) == stored_ids(lrs)


async def test_a_page_that_is_too_large_is_refused(lrs: Lrs, puller: Puller) -> None:
    lrs.store(1, context={"extensions": {"https://example.com/x": "x" * _PAGE_BYTES}})
    trouble = await (await puller()).run()
    assert isinstance(trouble, Trouble)
    assert trouble.reason == "too-large"


async def test_an_invalid_statement_is_kept_aside_once(lrs: Lrs, puller: Puller, empty_kafka: Kafka) -> None:
    good = lrs.store(1)
    lrs.store(2, verb={})
    rounds = await puller()
    assert await rounds.run() is None
    assert await rounds.run() is None
    assert await ids(empty_kafka, 1) == [good["id"]]
    (letter,) = await read_dead_letters(empty_kafka, 1)
    assert (letter.value["reason"], letter.value["where"]) == ("invalid", "pull")
    assert letter.value["detail"].startswith("academy, row 2: /verb/id: is required")


async def test_a_statement_too_long_for_kafka_is_kept_aside_and_the_next_are_read(
    lrs: Lrs, puller: Puller, empty_kafka: Kafka
) -> None:
    lrs.store(1, context={"extensions": {"https://example.com/x": "x" * 1_200_000}})
    good = lrs.store(2)
    assert await (await puller()).run() is None
    assert await ids(empty_kafka, 1) == [good["id"]]
    (letter,) = await read_dead_letters(empty_kafka, 1)
    assert letter.value["detail"] == "academy, row 1: row: longer than 950000 bytes"


async def test_attachments_come_along(lrs: Lrs, puller: Puller, empty_kafka: Kafka, tmp_path: Path) -> None:
    data = b"a certificate\r\n--not a boundary"
    sha2 = sha256(data).hexdigest()
    for second in range(5):
        lrs.store(second)
    lrs.data[sha2] = data
    assert await (await puller()).run() is None
    assert await ids(empty_kafka, 5) == stored_ids(lrs)
    assert AttachmentStore(tmp_path).path_of(sha2).read_bytes() == data
    assert {asked.get("attachments") for asked in lrs.asked} == {"true"}


async def test_data_that_is_not_what_its_sum_says_ends_the_round(lrs: Lrs, puller: Puller) -> None:
    lrs.store(1)
    lrs.data["0" * 64] = b"something else"
    trouble = await (await puller()).run()
    assert trouble is not None
    assert (trouble.reason, "SHA-2" in trouble.detail) == ("malformed", True)


async def test_data_that_finds_no_disk_ends_the_round_before_its_statements(
    lrs: Lrs, puller: Puller, empty_kafka: Kafka, tmp_path: Path
) -> None:
    data = b"a certificate"
    sha2 = sha256(data).hexdigest()
    lrs.store(1)
    lrs.data[sha2] = data
    in_the_way = tmp_path / sha2[:2]
    in_the_way.write_text("a file where the directory should be")
    rounds = await puller()
    trouble = await rounds.run()
    assert trouble is not None
    assert trouble.reason == "attachments"
    in_the_way.unlink()
    assert await rounds.run() is None
    assert await ids(empty_kafka, 1) == stored_ids(lrs)


async def test_the_checkpoint_waits_for_the_acknowledgement(
    lrs: Lrs, private_broker: Callable[[], Broker], tmp_path: Path
) -> None:
    broker = private_broker()
    kafka = describe(broker)
    await empty_catalogue(kafka)
    lrs.store(100)
    progress = Progress(0, 10 * SECOND)
    async with (
        log_writer(kafka.bootstrap, idempotent=not kafka.is_embedded) as writer,
        LrsClient(lrs.source(), SECRET, timeout_s=5, page_bytes=1 << 20) as client,
    ):
        metrics = PullMetrics(CollectorRegistry())
        rounds = Rounds(
            "academy",
            client=client,
            writer=writer,
            attachments=AttachmentStore(tmp_path),
            progress=progress,
            tenant_key=b"key",
            metrics=metrics,
        )
        broker.freeze()
        round_ = asyncio.create_task(rounds.run())
        await asyncio.wait([round_], timeout=1)
        assert lrs.asked
        assert not round_.done()
        assert progress.cursor_us == 0
        broker.thaw()
        assert await round_ is None
        assert await read_checkpoint(kafka.bootstrap, writer, "academy") == BEGIN + 100 * SECOND - 1
    assert await ids(kafka, 1) == stored_ids(lrs)
