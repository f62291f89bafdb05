"""What becomes of a chunk: done, dropped, or the end of the worker."""

import asyncio
from pathlib import Path
from typing import NoReturn

import pytest
from aiokafka.structs import ConsumerRecord

from streams.engine.changelogs import Changelogs
from streams.engine.config import EngineConfig
from streams.engine.fetched import FetchedChunk
from streams.engine.health import Health
from streams.engine.runner import StageRunner
from streams.engine.sender import Sender
from streams.engine.tenure import Tenure
from streams.records import Chunk, Effects, State

GENERATION = 3


class FatalError(Exception):
    """What these tests have in place of the end of the process."""


class Member:
    """A coordinator that always knows us."""

    def current_generation(self) -> int:
        return GENERATION

    async def heartbeat(self) -> bool:
        return True


class Noting:
    """A stage that notes the offsets it was given, and fails at the offset 13."""

    name = "noting"
    topics = ("source",)
    tables = ()

    def __init__(self) -> None:
        self.seen: list[int] = []

    def process(self, chunk: Chunk, _state: State) -> Effects:
        self.seen += [record.offset for record in chunk.records]
        if 13 in self.seen:
            raise ValueError("thirteen")
        return Effects()

    def sweep(self, _partition: int, _state: State) -> None:
        return None


def fetched(
    offsets: range, follows: int | None = None, generation: int = GENERATION, partition: int = 0
) -> FetchedChunk:
    """Records at `offsets`."""
    records = [
        ConsumerRecord("source", partition, offset, 0, 0, b"k", b"v", 0, 1, 1, (("h", b"x"),))
        for offset in offsets
    ]
    return FetchedChunk("source", partition, records, generation, follows)


class Acknowledgement:
    """Whether it was given."""

    given = False

    def __call__(self) -> None:
        self.given = True


@pytest.fixture
def acknowledge() -> Acknowledgement:
    return Acknowledgement()


def _fatal(reason: str) -> NoReturn:
    raise FatalError(reason)


@pytest.fixture
def steps() -> list[int]:
    return []


@pytest.fixture
def health() -> Health:
    return Health()


@pytest.fixture
def stage() -> Noting:
    return Noting()


@pytest.fixture
def runner(stage: Noting, steps: list[int], health: Health) -> StageRunner:
    config = EngineConfig(
        app_id="unit",
        bootstrap_servers="",
        partitions=2,
        data_dir=Path("unused"),
        on_fatal=_fatal,
        after_step=steps.append,
    )
    tenure = Tenure(Member, lease_s=5.0)
    tenure.begin(GENERATION, {0, 1})
    sender = Sender(config)
    return StageRunner(
        stage,
        {},
        tenure=tenure,
        changelogs=Changelogs([], config, sender, health),
        sender=sender,
        config=config,
        health=health,
    )


async def test_a_chunk_is_done_in_steps(
    runner: StageRunner, acknowledge: Acknowledgement, steps: list[int], health: Health
) -> None:
    chunk = fetched(range(5))
    await runner.handle(chunk, acknowledge)
    assert chunk.done
    assert acknowledge.given
    assert steps == [1, 2, 3, 4, 5]
    assert health.positions == {("source", 0): 5}
    assert health.records_total == 5


async def test_chunks_follow_each_other(
    runner: StageRunner, acknowledge: Acknowledgement, health: Health
) -> None:
    await runner.handle(fetched(range(5)), acknowledge)
    await runner.handle(fetched(range(5, 8), follows=4), acknowledge)
    await runner.handle(fetched(range(5)), acknowledge)  # after a rebalance, from what is committed
    assert health.records_total == 13


async def test_a_partition_waits_for_itself_alone(
    runner: StageRunner, stage: Noting, acknowledge: Acknowledgement
) -> None:
    async with runner._turns[0]:
        waiting = asyncio.create_task(runner.handle(fetched(range(5)), acknowledge))
        await runner.handle(fetched(range(5, 8), partition=1), lambda: None)
        resting = asyncio.create_task(runner.rest())
        await asyncio.sleep(0)
        assert stage.seen == [5, 6, 7]
        assert not resting.done()
    await asyncio.gather(waiting, resting)
    assert acknowledge.given
    assert stage.seen == [5, 6, 7, 0, 1, 2, 3, 4]


async def test_a_missing_chunk_ends_the_worker(
    runner: StageRunner, stage: Noting, acknowledge: Acknowledgement
) -> None:
    await runner.handle(fetched(range(5)), lambda: None)
    with pytest.raises(FatalError):
        await runner.handle(fetched(range(8, 9), follows=7), acknowledge)
    assert not acknowledge.given
    assert stage.seen == [0, 1, 2, 3, 4]


async def test_a_fault_ends_the_worker(runner: StageRunner, acknowledge: Acknowledgement) -> None:
    chunk = fetched(range(10, 15))
    with pytest.raises(FatalError, match="stage noting failed"):
        await runner.handle(chunk, acknowledge)
    assert not acknowledge.given
    assert not chunk.done


async def test_a_chunk_of_an_older_generation_is_let_go(
    runner: StageRunner, stage: Noting, acknowledge: Acknowledgement
) -> None:
    chunk = fetched(range(5), generation=GENERATION - 1)
    await runner.handle(chunk, acknowledge)
    assert acknowledge.given
    assert not chunk.done
    assert not stage.seen
