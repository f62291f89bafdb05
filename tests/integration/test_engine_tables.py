"""What tables hold after a worker has come back, and what sweeps do to them."""

from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.integration.engine_harness import Toy, eventually, latest, new_toy, traffic
from tests.services.kafka import Kafka


@pytest.fixture
async def toy(kafka: Kafka, tmp_path: Path) -> AsyncIterator[Toy]:
    """A topic to count."""
    async with new_toy(kafka, tmp_path) as toy:
        yield toy


async def test_restored_rows_are_those_that_were_left_and_deleted_ones_stay_deleted(toy: Toy) -> None:
    await toy.produce(traffic(600, 2))
    await toy.produce((number % 2, b"learner-%03d" % number, None) for number in range(40))
    first = toy.start()
    await toy.done()
    assert await first.stop() == 0

    second = toy.start()
    await second.reports(lambda report: report.get("ready", False))

    truth = toy.truth()
    assert not any(b"learner-%03d" % number in truth[number % 2] for number in range(40))
    assert second.report["keys"] == {str(partition): len(rows) for partition, rows in enumerate(truth)}
    assert second.report["records"] == 0
    rows = [row for table in ("ids", "counts") for rows in await toy.changelog(table) for row in rows]
    claims = 2 * 3 * 2  # by both workers, of each table's changelog in each partition
    assert second.report["restored"] == len(rows) + claims


async def test_counting_goes_on_where_it_was(toy: Toy) -> None:
    await toy.produce(traffic(400, 2))
    first = toy.start()
    await toy.done()
    assert await first.stop() == 0

    await toy.produce(traffic(400, 2))  # the same ids once more: every one is a duplicate
    await toy.produce(traffic(400, 2, seed=2))
    second = toy.start()
    await toy.done()
    await toy.assert_exact()
    await second.reports(lambda report: report.get("lag") == {"0": 0, "1": 0})


async def test_a_sweep_takes_place_once_in_each_partition(toy: Toy) -> None:
    await toy.produce(traffic(200, 2))
    worker = toy.start(sweeps=True)
    await toy.done()
    await eventually(toy.swept)
    assert await worker.stop() == 0

    again = toy.start(sweeps=True)
    await again.reports(lambda report: report.get("ready", False))
    await toy.produce(traffic(200, 2, seed=2))
    await toy.done()
    assert await again.stop() == 0

    outputs = [key for rows in await toy.outputs() for key, _ in rows if key.startswith(b"sweep|")]
    assert Counter(outputs) == {b"sweep|0": 1, b"sweep|1": 1}
    assert [len(latest(rows)) for rows in await toy.changelog("sweeps")] == [1, 1]
