"""One file after another into the log.

Reads: the files, `FILE.sha256` beside them.
Writes: `xapi.statements`, and `dead.letters` for rows that are not valid.
Key: see the writer.
State: a bookmark. An import that was interrupted goes on behind it: earlier rows are judged again, for the
report, and not written. Ids come from the statements, or from what they say, so whatever is written twice is
dropped by the ledger of the stream worker.
Guarantee: when the report is there, everything in it is acknowledged by all in-sync replicas.
On failure: `UnavailableError` when Kafka does not answer; a bad row is a dead letter and the others go on.
"""

import asyncio
import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from io import BufferedReader
from pathlib import Path
from typing import Protocol

from lrs_adapter.bulk.bookmark import EVERY_ROWS, Bookmark
from lrs_adapter.bulk.csv_rows import CsvRows
from lrs_adapter.bulk.entries import Entry, csv_entries, statement_entries
from lrs_adapter.bulk.judge import Judged
from lrs_adapter.bulk.mapping import CsvMapping
from lrs_adapter.bulk.records import Arrival, dead_letter, statement_records
from lrs_adapter.bulk.source import Bounded, DamagedError, Identity, content_name, identify, open_source
from lrs_adapter.log.record import Record
from schemas import trace_context
from schemas.errors import ConfigError
from schemas.outcomes import Fault, Rejected

_MOST_SHOWN = 20
_PROGRESS_ROWS = 1000


class Writer(Protocol):
    """Where records go; `LogWriter`, or nothing in a dry run."""

    partitions: int

    async def write(self, records: Iterable[Record]) -> None:
        """Take records."""

    async def flush(self) -> None:
        """Return when all of them are safe."""


@dataclass(slots=True)
class FileReport:
    """What became of one file. `faults` are the first ones, their pointer being `row/place`.

    `resumed_rows` are those that an interrupted import had written before; `position` is how many bytes of
    the file have been read.
    """

    path: Path
    verified: bool = False
    rows: int = 0
    statements: int = 0
    rejected_rows: int = 0
    resumed_rows: int = 0
    position: int = field(default=0, compare=False)
    faults: list[Fault] = field(default_factory=list)

    def add(self, entry: Entry) -> None:
        """Count a row."""
        self.rows += 1
        for found in entry.findings:
            if isinstance(found, Judged):
                self.statements += 1
            else:
                self.refuse(entry.row, found)

    def refuse(self, row: int, rejected: Rejected) -> None:
        """Count a row that is not valid."""
        self.rejected_rows += 1
        told = [Fault(f"{row}/{fault.pointer}", fault.message) for fault in rejected.faults]
        self.faults += told[: max(0, _MOST_SHOWN - len(self.faults))]


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of all of them; nothing was written if it was a dry run."""

    files: tuple[FileReport, ...]
    dry_run: bool

    @property
    def statements(self) -> int:
        """Statements written, voids counted once."""
        return sum(file.statements for file in self.files)

    @property
    def rejected_rows(self) -> int:
        """Rows that are dead letters now."""
        return sum(file.rejected_rows for file in self.files)


@dataclass(frozen=True, slots=True)
class Import:
    """What holds for all files: the mapping of CSV, bounds, and what records say of their origin."""

    mapping: CsvMapping | None
    credential: str
    csv_credential: str
    tenant_key: bytes
    max_ratio: int
    now_us: int


def check_files(files: Sequence[Path], mapping: CsvMapping | None) -> tuple[Identity, ...]:
    """The identity of each file. Raises `ConfigError` that names every problem of every file."""
    problems: list[str] = []
    identities: list[Identity] = []
    for path in files:
        try:
            identities.append(identify(path))
            problems += [f"{path}: {problem}" for problem in _csv_problems(path, mapping)]
        except ConfigError as error:
            problems += [f"{path}: {problem}" for problem in error.problems]
    if problems:
        raise ConfigError("import", problems)
    return tuple(identities)


async def import_file(
    path: Path,
    identity: Identity,
    job: Import,
    writer: Writer,
    on_progress: Callable[[FileReport], None],
    bookmark: Bookmark | None = None,
) -> FileReport:
    """Write one file. Raises `ConfigError` if it cannot be read, `UnavailableError` if Kafka is away.

    Correlation id and trace are made of the content: the same file again is the same delivery again.
    """
    report = FileReport(path, identity.verified, resumed_rows=0 if bookmark is None else bookmark.rows())
    credential = job.csv_credential if _is_csv(path) else job.credential
    correlation_id = f"import-{identity.digest[:32]}"
    arrival = Arrival(
        "import",
        credential,
        correlation_id,
        job.tenant_key,
        writer.partitions,
        job.now_us,
        trace_context.made(bytes.fromhex(identity.digest)),
    )
    with open_source(path, job.max_ratio) as stream:
        for entry in _entries(stream, path, job.mapping):
            report.add(entry)
            if report.rows > report.resumed_rows:
                await writer.write(_records(entry, path.name, arrival))
            if report.rows % _PROGRESS_ROWS == 0:
                report.position = _position(stream)
                on_progress(report)
            if bookmark is not None and report.rows % EVERY_ROWS == 0 and report.rows > report.resumed_rows:
                await writer.flush()
                await asyncio.to_thread(bookmark.set, report.rows)
        report.position = _position(stream)
    await writer.flush()
    if bookmark is not None:
        bookmark.remove()
    on_progress(report)
    return report


def _position(stream: BufferedReader) -> int:
    return stream.raw.position if isinstance(stream.raw, Bounded) else 0


def _records(entry: Entry, place: str, arrival: Arrival) -> Iterator[Record]:
    for found in entry.findings:
        if isinstance(found, Judged):
            yield from statement_records(found, arrival)
        else:
            yield dead_letter(found, place=place, row=entry.row, raw=entry.raw, arrival=arrival)


def _is_csv(path: Path) -> bool:
    return content_name(path).lower().endswith(".csv")


def _csv_problems(path: Path, mapping: CsvMapping | None) -> list[str]:
    if not _is_csv(path):
        return []
    if mapping is None:
        return ["CSV needs a mapping"]
    return [f"the first row names no column {name}" for name in mapping.missing(_header(path))]


def _header(path: Path) -> list[str]:
    try:
        with open_source(path, max_ratio=1) as stream:
            return CsvRows(stream).header
    except (DamagedError, csv.Error) as error:
        raise ConfigError(str(path), [f"its first row cannot be read: {error}"]) from error


def _entries(stream: BufferedReader, path: Path, mapping: CsvMapping | None) -> Iterator[Entry]:
    if mapping is not None and _is_csv(path):
        return csv_entries(stream, mapping)
    return statement_entries(stream)
