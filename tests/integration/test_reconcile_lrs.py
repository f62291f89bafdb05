"""Reconciliation with an LRS over HTTP: what either side lacks is named, and given to it."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import orjson
import pytest

from lrs_adapter.bulk.judge import Judged, judge
from lrs_adapter.bulk.records import Arrival, dead_letter, statement_records
from lrs_adapter.bulk.writer import log_writer
from readystream.lrs_reconcile import LrsCheck
from schemas.settings import PullSettings
from sinks.clickhouse import ClickHouse
from sinks.reconcile.report import Report
from tests.integration.bulk_kit import TENANT_KEY
from tests.integration.pull_kit import SECRET, Lrs, serving
from tests.integration.reconcile_kit import Company, Reconciliation
from tests.integration.sink_kit import World, world_of
from tests.services.clickhouse import Database
from tests.services.kafka import Kafka

NOW_US = 1_900_000_000_000_000


@pytest.fixture
def world(empty_kafka: Kafka, database: Database) -> Iterator[World]:
    with world_of(empty_kafka, database) as one:
        yield one


@pytest.fixture
async def lrs() -> AsyncIterator[Lrs]:
    async with serving(Lrs()) as served:
        yield served


async def take(world: World, statements: list[dict[str, object]]) -> None:
    """Write statements to the log as a pull from `academy` does."""
    arrival = Arrival("pull", "academy", "test", TENANT_KEY.encode(), 4, NOW_US, "")
    async with log_writer(world.kafka.bootstrap, idempotent=not world.kafka.is_embedded) as writer:
        for statement in statements:
            raw = orjson.dumps(statement)
            judged = judge(raw)
            if isinstance(judged, Judged):
                await writer.write(statement_records(judged, arrival))
            else:
                await writer.write((dead_letter(judged, place="academy", row=1, raw=raw, arrival=arrival),))
    await Reconciliation(world, Company()).sink()


async def test_what_either_side_lacks_is_named_and_given_to_it(world: World, lrs: Lrs) -> None:
    both = [lrs.store(second) for second in range(5)]
    here, there = lrs.store(10), lrs.store(11)
    voided = lrs.store(12)
    void = lrs.store(
        13,
        verb={"id": "http://adlnet.gov/expapi/verbs/voided"},
        object={"objectType": "StatementRef", "id": voided["id"]},
    )
    refused = lrs.store(14, actor={"name": "nobody in particular"})
    await take(world, [*both, there, voided, void, refused])
    lrs.statements.remove(there)
    lrs.statements.remove(voided)  # an LRS does not list what is voided

    async def compare(*, repair: bool = False, give_back: bool = False) -> Report:
        settings = PullSettings(
            kafka_bootstrap_servers=world.kafka.bootstrap,
            tenant_key=TENANT_KEY,
            producer_idempotence=not world.kafka.is_embedded,
            sources_file=Path("unused"),
        )
        check = LrsCheck(lrs.source(overlap_s=0), SECRET, settings, give_back=give_back)
        report = Report("test", NOW_US, 0.0)
        async with ClickHouse(world.database.dsn, world.database.name) as store:
            await check(store, report, repair)
        return report

    found = await compare()
    assert {(one.table, one.key) for one in found.findings} == {
        ("statements", here["id"]),
        ("lrs:academy", there["id"]),
    }
    assert found.figures["lrs:academy"].difference == 2

    repaired = await compare(repair=True, give_back=True)
    assert repaired.repaired == {"lrs:academy to us": 1, "us to lrs:academy": 1}
    await Reconciliation(world, Company()).sink()
    assert there in lrs.statements
    assert (await compare()).findings == []
    assert world.value("SELECT count() FROM system.tables WHERE name LIKE 'reconcile\\_%'") == 0
