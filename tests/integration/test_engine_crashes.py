"""Workers that are killed, paused, joined and left: what they leave behind is what the source topic says."""

import asyncio
import itertools
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from streams.engine.config import EXIT_FATAL
from streams.engine.fence import HEADER
from tests.integration.engine_harness import Toy, ToyWorker, append, latest, new_toy, read, traffic, until
from tests.integration.engine_toy import POISON
from tests.services.kafka import Kafka


@pytest.fixture
async def toy(kafka: Kafka, tmp_path: Path) -> AsyncIterator[Toy]:
    """A topic to count."""
    async with new_toy(kafka, tmp_path) as toy:
        yield toy


@pytest.mark.parametrize("step", [1, 2, 3, 4, 5])
async def test_killed_after_a_step(toy: Toy, step: int) -> None:
    await toy.produce(traffic(1000, 2))
    killed = toy.start(signal_step=step, signal_times=3)
    assert await killed.exit_code() == -signal.SIGKILL

    # Outputs come first: no row is in the changelog whose output is missing.
    for rows, outputs in zip(await toy.changelog("counts"), await toy.outputs(), strict=True):
        assert set(rows) <= set(outputs)

    toy.start()
    await toy.done()
    await toy.assert_exact()


async def test_outputs_are_sent_again_after_a_crash_before_the_changelog(toy: Toy) -> None:
    await toy.produce(traffic(200, 2))
    await toy.start(signal_step=2).exit_code()
    sent = [row for rows in await toy.outputs() for row in rows]
    logged = [row for rows in await toy.changelog("counts") for row in rows]

    toy.start()
    await toy.done()
    sent_again = [row for rows in await toy.outputs() for row in rows]

    assert sent
    assert not logged
    assert all(sent_again.count(row) == 2 for row in sent)
    await toy.assert_exact()


async def test_killed_twice_while_records_arrive(toy: Toy) -> None:
    async with arriving(toy):
        for _ in range(2):
            worker = toy.start()
            await worker.reports(lambda report: report.get("records", 0) > 500)
            worker.send(signal.SIGKILL)
            await worker.exit_code()
        toy.start()
    await toy.done()
    await toy.assert_exact()


async def test_workers_that_join_and_leave(toy: Toy) -> None:
    async with arriving(toy):
        first = toy.start()
        await first.reports(lambda report: report.get("records", 0) > 300)

        second = toy.start()
        await second.reports(lambda report: report.get("ready", False) and report["records"] > 300)
        await first.reports(lambda report: len(report["partitions"]) == 1)
        assert sorted([first.report["partitions"], second.report["partitions"]]) == [[0], [1]]
        # The partition that stayed is not restored again, but for a chunk that was dropped half-way.
        claims, dropped = 2 * 3, 2 * toy.options.chunk_max
        assert first.report["restored"] <= claims + dropped

        assert await first.stop() == 0
        await second.reports(lambda report: report["partitions"] == [0, 1])
    await toy.done()
    await toy.assert_exact()


async def test_a_spare_worker_takes_over(toy: Toy) -> None:
    async with arriving(toy):
        workers = [toy.start() for _ in range(3)]
        for worker in workers:
            await worker.reports(lambda report: report.get("ready", False))
        await until(lambda: _shares(workers) == [[], [0], [1]], say=lambda: str(_shares(workers)))
        spare, *busy = sorted(workers, key=lambda worker: len(worker.report["partitions"]))

        for worker in busy:
            worker.send(signal.SIGKILL)
        await spare.reports(lambda report: report["partitions"] == [0, 1])
    await toy.done()
    await toy.assert_exact()


def _shares(workers: list[ToyWorker]) -> list[list[int]]:
    """The partitions of each worker that is ready."""
    return sorted(worker.report["partitions"] for worker in workers if worker.report["ready"])


async def test_a_paused_worker_that_lost_its_partitions_writes_nothing_more(toy: Toy) -> None:
    """It is stopped when its outputs are sent and its changelog records are not, and wakes up too late."""
    await toy.produce(traffic(1000, 2))
    paused = toy.start(signal_step=2, signal_times=3, signal_number=int(signal.SIGSTOP))
    await paused.paused()
    successor = toy.start()
    await toy.done()

    paused.send(signal.SIGCONT)
    await paused.logs("worker.chunk_dropped")
    await paused.logs("worker.recovered", times=2)
    await toy.assert_exact()
    await toy.produce(traffic(200, 2, seed=2))
    await toy.done()
    await toy.assert_exact()
    assert await paused.stop() == await successor.stop() == 0


async def test_a_row_that_does_not_count_stops_an_idle_worker_and_is_mended(toy: Toy) -> None:
    await toy.produce(traffic(200, 2))
    worker = toy.start()
    await toy.done()
    changelog = f"{toy.options.name}-counts-changelog"
    key = next(iter(toy.truth()[1]))
    await append(toy.options.bootstrap, changelog, 1, key, b"1:0", [(HEADER, bytes(16))])
    assert await worker.exit_code() == EXIT_FATAL
    assert "somebody else wrote to a changelog of partition 1" in worker.log

    successor = toy.start()
    await successor.logs("worker.mended")
    await successor.reports(lambda report: report.get("ready", False))
    plain = await read(toy.options.bootstrap, changelog, toy.options.partitions)
    assert [latest(rows) for rows in plain] == toy.truth()


async def test_a_fault_stops_the_worker_and_acknowledges_nothing(toy: Toy) -> None:
    await toy.produce(traffic(300, 2))
    await toy.produce([(0, b"learner-000", POISON), *traffic(300, 2, seed=2)])
    place = next(offset for offset, (_, value) in enumerate(toy.produced[0]) if value == POISON)

    failed = toy.start(refuses_poison=True)
    assert await failed.exit_code() == EXIT_FATAL
    committed = (await toy.committed())[0]

    assert "worker.fatal" in failed.log
    assert (committed or 0) <= place
    toy.start()
    await toy.done()
    await toy.assert_exact()


async def test_a_worker_that_is_told_to_stop_commits_what_it_did(toy: Toy) -> None:
    async with arriving(toy):
        worker = toy.start()
        await worker.reports(lambda report: report.get("records", 0) > 300)
        assert await worker.stop() == 0
    counted = {key: value for rows in await toy.changelog("counts") for key, value in rows}
    committed = await toy.committed()

    # Nothing was done beyond what is committed: a successor would do it again.
    last_counted = max(int(value.split(b":")[1]) for value in counted.values() if value)
    assert last_counted < max(offset or 0 for offset in committed)
    toy.start()
    await toy.done()
    await toy.assert_exact()


@asynccontextmanager
async def arriving(toy: Toy) -> AsyncIterator[None]:
    """Let records arrive, a hundred at a time, until the end of the block."""
    over = asyncio.Event()

    async def arrive() -> None:
        for seed in itertools.count():
            if over.is_set():
                return
            await toy.produce(traffic(100, 2, seed=seed))
            await asyncio.sleep(0.05)

    task = asyncio.create_task(arrive())
    try:
        yield
    finally:
        over.set()
        await task
