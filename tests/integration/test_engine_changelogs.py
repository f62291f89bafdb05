"""Changelogs on a broker: one owner at a time, whoever else writes to them."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from schemas.topics import MAX_MESSAGE_BYTES
from streams.engine.app import build_app
from streams.engine.config import EngineConfig
from tests.integration.engine_harness import append, latest, make_topics, read
from tests.integration.engine_toy import ToyOptions, ToyStage
from tests.services.kafka import Kafka


async def _is_member() -> bool:
    return True


class Owner:
    """The changelogs of a worker, without the worker. One of its tables is written to."""

    def __init__(self, config: EngineConfig, stage: ToyStage) -> None:
        self.engine = build_app(config, [stage]).engine
        self.changelogs = self.engine.changelogs
        self.table = self.engine.runners[0].tables["counts"]

    async def write(self, **rows: str) -> None:
        changes = {key.encode(): value.encode() for key, value in rows.items()}
        end = await self.changelogs.append(self.table.changelog_topic_name, 0, changes)
        self.table.store.partition(0).apply(changes.items(), end)

    async def take(self) -> bool:
        return await self.changelogs.take({0}, _is_member)

    @property
    def rows(self) -> dict[str, str]:
        held = self.table.store.partition(0)
        values = {key: held.get(key) for key in held.owners(b"", 1_000)}
        return {key.decode(): value.decode() for key, value in values.items() if value is not None}


Start = Callable[[], Owner]


@pytest.fixture
async def start(kafka: Kafka, group_id: str, tmp_path: Path) -> AsyncIterator[Start]:
    """Start a worker of the same group."""
    options = ToyOptions(
        name=group_id, bootstrap=kafka.bootstrap, directory="", idempotence=not kafka.is_embedded
    )
    config = EngineConfig(
        app_id=group_id,
        bootstrap_servers=kafka.bootstrap,
        partitions=1,
        data_dir=tmp_path,
        producer_idempotence=options.idempotence,
    )
    await make_topics(kafka.bootstrap, 1, *(f"{group_id}-{table}-changelog" for table in ToyStage.tables))
    async with AsyncExitStack() as owners:

        def new_owner() -> Owner:
            owner = Owner(config, ToyStage(options))
            owners.push_async_callback(owner.engine.on_shutdown)
            return owner

        yield new_owner


async def _raw(kafka: Kafka, owner: Owner) -> dict[str, str]:
    """What a reader finds that knows nothing of owners: the last value of each key, as compaction has it."""
    [records] = await read(kafka.bootstrap, owner.table.changelog_topic_name, 1)
    return {key.decode(): value.decode() for key, value in latest(records).items()}


async def test_a_successor_finds_what_the_owner_wrote(start: Start) -> None:
    first, second = start(), start()
    assert await first.take()
    await first.write(ann="1", bob="1")
    await first.write(ann="2")

    assert await second.take()
    assert second.rows == first.rows == {"ann": "2", "bob": "1"}


async def test_a_row_as_large_as_a_record_may_be_is_found(start: Start) -> None:
    first, second = start(), start()
    assert await first.take()
    await first.write(ann="1", bob="x" * (MAX_MESSAGE_BYTES - 1000), eve="1")

    assert await second.take()
    assert second.rows == first.rows


async def test_who_keeps_a_partition_claims_it_once(kafka: Kafka, start: Start) -> None:
    owner = start()
    assert await owner.take()
    await owner.write(ann="1")
    assert await owner.take()
    await owner.write(ann="2")

    assert owner.table.store.partition(0).next_offset == 3  # the claim and two rows
    assert await owner.changelogs.find_intruders({0}) == await owner.changelogs.find_intruders({0}) == set()


async def test_rows_of_a_former_owner_do_not_count_and_are_written_over(kafka: Kafka, start: Start) -> None:
    former, owner, successor = start(), start(), start()
    assert await former.take()
    await former.write(ann="1", bob="1")
    assert await owner.take()
    await owner.write(ann="2")

    with pytest.raises(RuntimeError, match="somebody else wrote to"):
        await former.write(ann="stale", bob="stale", eve="stale")
    assert await _raw(kafka, owner) == {"ann": "stale", "bob": "stale", "eve": "stale"}

    assert await successor.take()
    assert successor.rows == {"ann": "2", "bob": "1"}
    assert await _raw(kafka, owner) == successor.rows


async def test_an_owner_stops_at_its_next_write_after_an_intruder(start: Start) -> None:
    former, owner, successor = start(), start(), start()
    assert await former.take()
    assert await owner.take()
    with pytest.raises(RuntimeError):
        await former.write(ann="stale")

    with pytest.raises(RuntimeError):
        await owner.write(bob="2")
    assert await successor.take()
    assert successor.rows == {"bob": "2"}  # written, not acknowledged: the chunk is done again


async def test_an_owner_that_writes_nothing_notices_an_intruder(start: Start) -> None:
    former, owner = start(), start()
    assert await former.take()
    assert await owner.take()
    assert not await owner.changelogs.find_intruders({0})
    assert not await owner.changelogs.find_intruders({0})

    with pytest.raises(RuntimeError):
        await former.write(ann="stale")
    assert await owner.changelogs.find_intruders({0}) == {0}


@pytest.mark.parametrize("remains", [False, True])
async def test_a_claim_that_comes_late_does_not_hold(start: Start, remains: bool) -> None:
    late, owner, successor = start(), start(), start()
    later_answers = [remains]

    async def is_member() -> bool:
        """The first answer is outdated by the time it is used."""
        return later_answers.pop() if owner.rows else await _taken_and_written(owner)

    assert await late.changelogs.take({0}, is_member) is remains
    assert not later_answers
    with pytest.raises(RuntimeError):  # the owner does not know what the foreign record is, and stops
        await owner.write(ann="2")

    assert await successor.take()
    assert successor.rows == {"ann": "1" if remains else "2"}


async def _taken_and_written(owner: Owner) -> bool:
    taken = await owner.take()
    await owner.write(ann="1")
    return taken


async def test_rows_of_a_release_that_knew_no_owners_are_taken_over(kafka: Kafka, start: Start) -> None:
    owner = start()
    await append(kafka.bootstrap, owner.table.changelog_topic_name, 0, b"ann", b"1")

    assert await owner.take()
    await owner.write(bob="1")
    assert await owner.take()
    assert owner.rows == {"ann": "1", "bob": "1"}
