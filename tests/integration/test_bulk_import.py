"""Files into the log, through a real broker."""

import gzip
import json
import subprocess
import sys
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lrs_adapter.bulk import importer
from lrs_adapter.bulk.importer import FileReport, ImportReport
from readystream.bulk import import_files, sentences
from schemas.errors import ConfigError, UnavailableError
from schemas.headers import traceparent_of
from schemas.settings import ImportSettings
from schemas.trace_context import parsed
from tests.integration.bulk_kit import TENANT_KEY, read_dead_letters, read_statements
from tests.services.kafka import Broker, Kafka

CONFIG = Path(__file__).parents[2] / "config"
HEADER = "user_id,course_id,enrollment_date,completion_date,score,time_spent,badge_id"


def statement(number: int, **changes: Any) -> dict[str, Any]:
    made: dict[str, Any] = {
        "id": str(uuid.UUID(int=number + 1)),
        "actor": {"mbox": f"mailto:learner{number % 7}@example.com"},
        "verb": {"id": "http://adlnet.gov/expapi/verbs/completed"},
        "object": {"id": "https://learn.example.com/course/1"},
        "timestamp": "2026-03-01T10:00:00Z",
        **changes,
    }
    return {name: value for name, value in made.items() if value is not None}


def ndjson(path: Path, *rows: Any) -> Path:
    lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def _quiet(_report: FileReport) -> None:
    """Nobody watches."""


async def imported(
    kafka: Kafka,
    *files: Path,
    dry_run: bool = False,
    on_progress: Callable[[FileReport], None] = _quiet,
) -> ImportReport:
    settings = ImportSettings(
        kafka_bootstrap_servers=kafka.bootstrap,
        producer_idempotence=not kafka.is_embedded,
        tenant_key=TENANT_KEY,
        import_dir=files[0].parent / "bookmarks",
    )
    mapping = CONFIG / "csv-mapping.csv"
    return await import_files(settings, files, mapping=mapping, dry_run=dry_run, on_progress=on_progress)


async def test_good_rows_go_on_and_bad_ones_are_kept_aside(empty_kafka: Kafka, tmp_path: Path) -> None:
    lines = ndjson(tmp_path / "a.ndjson", statement(1), "{broken", statement(2, verb=None), statement(3))
    array = tmp_path / "b.json.gz"
    array.write_bytes(gzip.compress(json.dumps([statement(4), 5, statement(6)]).encode()))
    table = tmp_path / "c.csv"
    table.write_text(
        f"{HEADER}\nu1,sql,2026-01-12,2026-02-03,80,10,gold\nu2,sql,2026-01-12,2026-02-03,800,,\n"
    )
    report = await imported(empty_kafka, lines, array, table)
    assert [(file.rows, file.statements, file.rejected_rows) for file in report.files] == [
        (4, 2, 2),
        (3, 2, 1),
        (2, 3, 1),
    ]
    assert list(sentences(report))[-1] == "7 statements written, 4 bad rows"
    found = await read_statements(empty_kafka, 7)
    assert len(found) == 7
    assert {value["credential"] for value in (read.value for read in found)} == {"import", "csv-import"}
    assert {read.value["source"] for read in found} == {"import"}
    letters = await read_dead_letters(empty_kafka, 4)
    details = sorted(read.value["detail"] for read in letters)
    assert [detail.partition(":")[0] for detail in details] == [
        "a.ndjson, row 2",
        "a.ndjson, row 3",
        "b.json.gz, row 2",
        "c.csv, row 3",
    ]
    assert details[3] == "c.csv, row 3: score: not a score from 0 to 100"
    assert [fault.pointer for fault in report.files[2].faults] == ["3/score"]


async def test_the_same_file_again_brings_nothing_new(empty_kafka: Kafka, tmp_path: Path) -> None:
    path = ndjson(tmp_path / "a.ndjson", statement(1), statement(2, id=None), "{broken")
    first, second = await imported(empty_kafka, path), await imported(empty_kafka, path)
    assert (first.statements, first.rejected_rows) == (second.statements, second.rejected_rows) == (2, 1)
    found = await read_statements(empty_kafka, 4)
    identities = {(read.value["statement_id"], read.value["statement"], read.partition) for read in found}
    assert (len(found), len(identities)) == (4, 2)
    letters = await read_dead_letters(empty_kafka, 2)
    same = [{**read.value, "failed_at": 0} for read in letters]
    assert same[0] == same[1]
    (trace,) = {traceparent_of(read.headers) for read in (*found, *letters)}
    assert parsed(trace.decode())


async def test_an_import_that_was_interrupted_goes_on(
    empty_kafka: Kafka, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importer, "EVERY_ROWS", 400)
    path = ndjson(tmp_path / "a.ndjson", *(statement(number) for number in range(1200)))

    def interrupt(file: FileReport) -> None:
        if file.rows == 1000:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await imported(empty_kafka, path, on_progress=interrupt)
    (file,) = (await imported(empty_kafka, path)).files
    assert (file.rows, file.statements, file.resumed_rows) == (1200, 1200, 800)
    found = [read.value["statement_id"] for read in await read_statements(empty_kafka, 1200)]
    assert set(found) == {str(uuid.UUID(int=number + 1)) for number in range(1200)}
    assert len(found) <= 1400
    assert list((tmp_path / "bookmarks").iterdir()) == []


async def test_a_dry_run_says_the_same_and_writes_nothing(empty_kafka: Kafka, tmp_path: Path) -> None:
    path = ndjson(tmp_path / "a.ndjson", statement(1), "{broken")
    dry = await imported(empty_kafka, path, dry_run=True)
    assert await read_statements(empty_kafka, 0) == []
    assert await read_dead_letters(empty_kafka, 0) == []
    wet = await imported(empty_kafka, path)
    assert dry.files == wet.files
    assert (dry.dry_run, wet.dry_run) == (True, False)


async def test_every_file_is_checked_before_one_is_written(empty_kafka: Kafka, tmp_path: Path) -> None:
    good = ndjson(tmp_path / "good.ndjson", statement(1))
    forged = ndjson(tmp_path / "forged.ndjson", statement(2))
    (tmp_path / "forged.ndjson.sha256").write_text("0" * 64)
    short = tmp_path / "short.csv"
    short.write_text("user_id,course_id,enrollment_date,score,time_spent,badge_id\n")
    with pytest.raises(ConfigError) as raised:
        await imported(empty_kafka, good, forged, short, tmp_path / "missing.ndjson")
    forgery, column, missing = raised.value.problems
    assert "its SHA-256 is not the one" in forgery
    assert "no column completion_date" in column
    assert "missing.ndjson: cannot be read" in missing
    assert await read_statements(empty_kafka, 0) == []


async def test_a_damaged_end_keeps_what_came_before(empty_kafka: Kafka, tmp_path: Path) -> None:
    path = tmp_path / "a.ndjson.gz"
    rows = "\n".join(json.dumps(statement(number)) for number in range(5000))
    path.write_bytes(gzip.compress(rows.encode())[:-2000])
    report = await imported(empty_kafka, path)
    assert report.statements > 1000
    (fault,) = report.files[0].faults
    assert "compression is damaged" in fault.message
    assert len(await read_statements(empty_kafka, report.statements)) == report.statements


async def test_a_broker_that_is_not_there_is_told(tmp_path: Path, unused: Kafka) -> None:
    path = ndjson(tmp_path / "a.ndjson", statement(1))
    with pytest.raises(UnavailableError, match="Kafka"):
        await imported(unused, path)


@pytest.fixture
def unused(private_broker: Any) -> Kafka:
    """An address where nobody answers any more."""
    broker: Broker = private_broker()
    bootstrap = broker.bootstrap
    broker.kill()
    return Kafka(bootstrap, "embedded")


MEMORY = """
import asyncio, resource, sys
from pathlib import Path
from readystream.bulk import import_files
from schemas.settings import ImportSettings
settings = ImportSettings(tenant_key="a key for tests alone")
async def run(path):
    return await import_files(settings, [path], mapping=None, dry_run=True, on_progress=lambda report: None)
small, large = (Path(name) for name in sys.argv[1:])
asyncio.run(run(small))
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
statements = asyncio.run(run(large)).statements
print(statements, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


@pytest.mark.parametrize("kind", ["ndjson", "json"])
def test_memory_does_not_grow_with_the_file(tmp_path: Path, kind: str) -> None:
    small, large = (_sized(tmp_path / f"{count}.{kind}", count) for count in (200, 5000))
    assert large.stat().st_size > 20 << 20
    ran = subprocess.run(
        [sys.executable, "-c", MEMORY, str(small), str(large)], capture_output=True, text=True, check=True
    )
    statements, grown_kib = map(int, ran.stdout.split()[-2:])
    assert statements == 5000
    assert grown_kib < 8 << 10


def _sized(path: Path, count: int) -> Path:
    extensions = {"https://example.com/x": "x" * 4500}
    made = [json.dumps(statement(n, context={"extensions": extensions})) for n in range(count)]
    text = "\n".join(made) if path.suffix == ".ndjson" else f"[{','.join(made)}]"
    path.write_text(text)
    return path
