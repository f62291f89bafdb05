"""Pullers that share sources, through a real consumer group."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace

import pytest
from prometheus_client import CollectorRegistry

from lrs_adapter.pull.follower import Surroundings
from lrs_adapter.pull.run import Share, run_pull
from lrs_adapter.pull.sources import Source
from schemas.errors import ConfigError
from schemas.metrics import PullMetrics
from schemas.settings import PullSettings
from tests.integration.bulk_kit import TENANT_KEY, read_statements
from tests.integration.pull_kit import SECRET, Lrs, serving
from tests.services.kafka import PARTITIONS, Kafka


def surroundings(kafka: Kafka, group: str) -> Surroundings:
    settings = PullSettings(
        kafka_bootstrap_servers=kafka.bootstrap,
        producer_idempotence=not kafka.is_embedded,
        partitions=PARTITIONS,
        tenant_key=TENANT_KEY,
        pull_group_id=group,
        heartbeat_s=0.3,
        pull_backoff_s=0.05,
        pull_backoff_max_s=0.2,
    )
    return Surroundings(settings, {"SECRET": SECRET}, PullMetrics(CollectorRegistry()))


@asynccontextmanager
async def pulling(kafka: Kafka, group: str, sources: list[Source]) -> AsyncIterator[Share]:
    """A puller, until the block ends."""
    around = surroundings(kafka, group)
    share = Share(sources, around)
    work = asyncio.create_task(run_pull(sources, around, share))
    try:
        yield share
    finally:
        work.cancel()
        await asyncio.wait([work])


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not holds():  # noqa: ASYNC110 - the state is another process's
            await asyncio.sleep(0.02)


async def test_new_statements_arrive_through_any_trouble(empty_kafka: Kafka, group_id: str) -> None:
    async with serving(Lrs()) as lrs, pulling(empty_kafka, group_id, [lrs.source()]) as share:
        lrs.store(0)
        await until(lambda: share.ready and len(lrs.asked) > 1)
        lrs.faults = ["503", "drop", "429 1"]
        for second in range(1, 6):
            lrs.store(second)
        await until(lambda: not lrs.faults)
        found = await read_statements(empty_kafka, 6)
        assert sorted(read.value["statement_id"] for read in found) == sorted(s["id"] for s in lrs.statements)


async def test_each_source_has_one_puller_and_finds_another(empty_kafka: Kafka, group_id: str) -> None:
    async with AsyncExitStack() as stack:
        names = [f"source-{number}" for number in range(6)]
        served = {name: await stack.enter_async_context(serving(Lrs())) for name in names}
        sources = [lrs.source(name=name) for name, lrs in served.items()]
        for lrs in served.values():
            lrs.store(0)
        first = await stack.enter_async_context(pulling(empty_kafka, group_id, sources))
        await until(lambda: first.names == set(names))
        async with pulling(empty_kafka, group_id, sources) as second:
            await until(lambda: bool(second.names) and bool(first.names) and second.ready and first.ready)
            assert first.names | second.names == set(names)
            assert not first.names & second.names
        await until(lambda: first.names == set(names))
        for lrs in served.values():
            lrs.store(1)
        wanted = {one["id"] for lrs in served.values() for one in lrs.statements}
        found: set[str] = set()
        async with asyncio.timeout(30):
            while found != wanted:
                read = await read_statements(empty_kafka, 6)
                found = {one.value["statement_id"] for one in read}


async def test_partitions_that_the_topic_has_not_are_named(empty_kafka: Kafka, group_id: str) -> None:
    """Whoever counts on them would follow none of the sources there, and say nothing."""
    around = surroundings(empty_kafka, group_id)
    settings = around.settings.model_copy(update={"partitions": PARTITIONS + 1})
    async with serving(Lrs()) as lrs:
        around = replace(around, settings=settings)
        sources = [lrs.source()]
        with pytest.raises(ConfigError, match=f"has {PARTITIONS} partitions, not {PARTITIONS + 1}"):
            await asyncio.wait_for(run_pull(sources, around, Share(sources, around)), 20)
