"""The import command's wiring."""

import time
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import structlog
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from lrs_adapter.bulk.bookmark import Bookmark
from lrs_adapter.bulk.importer import FileReport, Import, ImportReport, Writer, check_files, import_file
from lrs_adapter.bulk.mapping import CsvMapping, parse_mapping
from lrs_adapter.bulk.source import Identity
from lrs_adapter.bulk.writer import log_writer
from lrs_adapter.log.record import Record
from schemas import log_events
from schemas.errors import ConfigError
from schemas.settings import ImportSettings

_log = structlog.get_logger()


async def import_files(
    settings: ImportSettings,
    files: Sequence[Path],
    *,
    mapping: Path | None,
    dry_run: bool,
    on_progress: Callable[[FileReport], None],
) -> ImportReport:
    """Write files of statements and LMS exports to the log; a dry run judges them and writes nothing.

    `on_progress` is told about each file every thousand rows and at its end. Raises `ConfigError` for files
    and mappings that cannot be used, before anything is written, and `UnavailableError` if Kafka is away.
    """
    columns = None if mapping is None else _mapping(mapping)
    identities = check_files(files, columns)
    job = Import(
        columns,
        settings.import_credential,
        settings.csv_credential,
        settings.tenant_key_bytes,
        settings.import_max_ratio,
        time.time_ns() // 1000,
    )
    reports: list[FileReport] = []
    async with _writer(settings, dry_run=dry_run) as writer:
        for path, identity in zip(files, identities, strict=True):
            bookmark = None if dry_run else _bookmark(settings, identity, mapping)
            report = await import_file(path, identity, job, writer, on_progress, bookmark)
            _tell(report, dry_run=dry_run)
            reports.append(report)
    return ImportReport(tuple(reports), dry_run)


def sentences(report: ImportReport) -> Iterator[str]:
    """The report for people: what is wrong, row by row, then a line for each file, then the sum."""
    for file in report.files:
        yield from (f"{file.path}: {fault.pointer}: {fault.message}" for fault in file.faults)
        manifest = ", as its manifest says" if file.verified else ""
        resumed = f", {file.resumed_rows} of them written before" if file.resumed_rows else ""
        yield f"{file.path}: {file.rows} rows{resumed}, {file.rejected_rows} of them bad{manifest}"
    done = "would be written" if report.dry_run else "written"
    yield f"{report.statements} statements {done}, {report.rejected_rows} bad rows"


def as_rows(report: ImportReport) -> Iterator[dict[str, Any]]:
    """The report for machines: a row for each file."""
    for file in report.files:
        yield {
            "file": str(file.path),
            "rows": file.rows,
            "resumed_rows": file.resumed_rows,
            "rejected_rows": file.rejected_rows,
            "statements": file.statements,
            "verified": file.verified,
            "dry_run": report.dry_run,
            "faults": [{"pointer": fault.pointer, "message": fault.message} for fault in file.faults],
        }


@contextmanager
def progress_bars(files: Sequence[Path]) -> Iterator[Callable[[FileReport], None]]:
    """A bar for each file on standard error, by the bytes that were read of it."""
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as bars:
        total = {path: path.stat().st_size for path in files if path.exists()}
        tasks = {path: bars.add_task(path.name, total=size) for path, size in total.items()}

        def show(file: FileReport) -> None:
            said = f"{file.path.name} {file.rows:,} rows"
            bars.update(tasks[file.path], completed=file.position, description=said)

        yield show


class _Nowhere:
    """Takes records for a dry run."""

    def __init__(self, partitions: int) -> None:
        self.partitions = partitions

    async def write(self, records: Iterable[Record]) -> None:
        """Make them, as a real run would, and let them go."""
        for _ in records:
            pass

    async def flush(self) -> None:
        """There is nothing to wait for."""


@asynccontextmanager
async def _writer(settings: ImportSettings, *, dry_run: bool) -> AsyncIterator[Writer]:
    if dry_run:
        yield _Nowhere(settings.partitions)
        return
    async with log_writer(
        settings.kafka_bootstrap_servers, idempotent=settings.producer_idempotence
    ) as writer:
        yield writer


def _bookmark(settings: ImportSettings, identity: Identity, mapping: Path | None) -> Bookmark:
    """Of this content, under this mapping, into this incarnation of this log."""
    columns = "" if mapping is None else mapping.read_text(encoding="utf-8-sig")
    log = f"{settings.kafka_bootstrap_servers} {settings.topic_epoch}"
    names = f"{settings.import_credential} {settings.csv_credential}"
    return Bookmark(settings.import_dir, identity.digest, columns, log, names)


def _mapping(path: Path) -> CsvMapping:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(str(path), [f"cannot be read: {error}"]) from error
    return parse_mapping(text, str(path))


def _tell(report: FileReport, *, dry_run: bool) -> None:
    _log.info(
        log_events.IMPORT_FILE_DONE,
        file=report.path.name,
        verified=report.verified,
        rows=report.rows,
        statements=report.statements,
        rejected_rows=report.rejected_rows,
        dry_run=dry_run,
    )
