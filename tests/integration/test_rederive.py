"""`readystream rederive` against a real broker: what it appends to the log."""

from collections import defaultdict
from pathlib import Path
from uuid import UUID

import pytest

from readystream.config_files import read_skill_map
from readystream.rederive import rederive
from schemas.errors import ConfigError, UnavailableError
from schemas.settings import RederiveSettings
from tests.integration.bulk_kit import Read, read_statements
from tests.integration.test_bulk_import import imported, ndjson, statement
from tests.services.kafka import PARTITIONS, Kafka

MAP = Path(__file__).parents[2] / "config" / "skill-map.yaml"
WATCHED = {"id": "http://adlnet.gov/expapi/verbs/experienced"}


def settings(kafka: Kafka) -> RederiveSettings:
    return RederiveSettings(
        kafka_bootstrap_servers=kafka.bootstrap,
        producer_idempotence=not kafka.is_embedded,
        skill_map_file=MAP,
    )


async def test_what_may_be_evidence_is_repeated_between_two_marks(empty_kafka: Kafka, tmp_path: Path) -> None:
    rows = [statement(number) for number in range(20)]
    watched = [statement(number, verb=WATCHED) for number in range(20, 30)]
    await imported(empty_kafka, ndjson(tmp_path / "a.ndjson", *rows, *watched))
    for done in (1, 2):
        assert await rederive(settings(empty_kafka)) == 20
        log = await read_statements(empty_kafka, 30 + done * (20 + 2 * PARTITIONS))
        assert len(log) == 30 + done * (20 + 2 * PARTITIONS)
    by_run = defaultdict(list)
    for record in (record for record in log if record.value["edition"]):
        by_run[record.value["correlation_id"], record.partition].append(record)
    assert len(by_run) == 2 * PARTITIONS
    for (_, partition), records in by_run.items():
        _check_run([one for one in log if one.partition == partition], records)


def _check_run(log: list[Read], records: list[Read]) -> None:
    """Marks at both ends, between them the statements as they were, each with its offset."""
    first, *copies, last = records
    assert (first.value["statement_id"], first.value["rederives"]) == ("", -1)
    assert (last.value["statement_id"], log[last.value["rederives"]]) == ("", first)
    for copy in copies:
        original = log[copy.value["rederives"]]
        assert (copy.key, copy.value["statement"]) == (original.key, original.value["statement"])
        assert int(UUID(copy.value["statement_id"])) <= 20
    assert {record.value["edition"] for record in records} == {read_skill_map(MAP).edition}
    assert all(record.value["copy"] for record in records)


async def test_a_faulty_map_and_a_broker_that_is_away_are_told(tmp_path: Path) -> None:
    nowhere = RederiveSettings(kafka_bootstrap_servers="127.0.0.1:1", skill_map_file=MAP)
    with pytest.raises(UnavailableError):
        await rederive(nowhere)
    with pytest.raises(ConfigError):
        await rederive(nowhere.model_copy(update={"skill_map_file": tmp_path / "none.yaml"}))
