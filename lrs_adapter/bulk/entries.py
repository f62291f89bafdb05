"""What a file comes to: entry after entry, a valid statement or a row with what is wrong with it."""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BufferedReader

import orjson

from lrs_adapter.bulk.csv_rows import CsvRow, CsvRows
from lrs_adapter.bulk.judge import Judged, judge
from lrs_adapter.bulk.lms_rows import read_values, statements
from lrs_adapter.bulk.mapping import CsvMapping
from lrs_adapter.bulk.source import DamagedError
from lrs_adapter.bulk.texts import Unreadable, rows
from schemas.outcomes import Fault, Rejected

Finding = Judged | Rejected


@dataclass(frozen=True, slots=True)
class Entry:
    """One row: its number as people count it, its bytes, and what was found in it."""

    row: int
    raw: bytes
    findings: tuple[Finding, ...]


def statement_entries(stream: BufferedReader) -> Iterator[Entry]:
    """Entries of NDJSON or of a JSON array."""
    last = 0
    try:
        for row in rows(stream):
            last = row.number
            if isinstance(row, Unreadable):
                yield Entry(row.number, row.raw, (_rejected(row.detail),))
            else:
                yield Entry(row.number, row.raw, (judge(row.raw),))
    except DamagedError as error:
        yield Entry(last + 1, b"", (_rejected(str(error)),))


def csv_entries(stream: BufferedReader, mapping: CsvMapping) -> Iterator[Entry]:
    """Entries of an LMS export; a column that it does not have is an empty one."""
    last = 1
    try:
        for row in CsvRows(stream):
            last = row.number
            yield Entry(row.number, row.raw, _findings(row, mapping))
    except DamagedError as error:
        yield Entry(last + 1, b"", (_rejected(str(error)),))


def _rejected(message: str) -> Rejected:
    return Rejected((Fault("", message),))


def _findings(row: CsvRow, mapping: CsvMapping) -> tuple[Finding, ...]:
    """All statements of the row, or why there are none: a row counts whole."""
    if row.faults:
        return (Rejected(row.faults),)
    values, faults = read_values(row.cells, mapping)
    if faults:
        return (Rejected(tuple(faults)),)
    judged = tuple(judge(orjson.dumps(statement)) for statement in statements(values))
    rejected = tuple(found for found in judged if isinstance(found, Rejected))
    return rejected[:1] or judged
