"""The mapping file: which column of an LMS export says what about a learner.

CSV with the columns `source` (column of the export), `target`, `type`, `transform` and `sample`. Targets and
their types are in `TARGETS`. Every transform is run on its sample before anything is imported.
"""

import csv
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import StringIO
from typing import Any

from lrs_adapter.bulk.transforms import TRANSFORMS, Transform
from schemas.errors import ConfigError

COLUMNS = ("source", "target", "type", "transform", "sample")
TARGETS: dict[str, str] = {
    "learner": "agent",
    "course": "iri",
    "enrolled": "timestamp",
    "completed": "timestamp",
    "score": "scaled",
    "duration": "duration",
    "badge": "iri",
}
"""What a row can say, and the type of it."""

_REQUIRED = ("learner", "course")
_DATES = ("enrolled", "completed")


@dataclass(frozen=True, slots=True)
class Column:
    """One line of the mapping."""

    source: str
    target: str
    transform: Transform
    argument: str

    def value(self, cell: str) -> Any:
        """What the cell says. Raises `ValueError`."""
        return self.transform.apply(cell, self.argument)


@dataclass(frozen=True, slots=True)
class CsvMapping:
    """The columns that mean something; others of the export are passed over."""

    columns: tuple[Column, ...]

    def missing(self, header: list[str]) -> list[str]:
        """Columns that the export should have and has not."""
        return [column.source for column in self.columns if column.source not in header]


def parse_mapping(text: str, source: str) -> CsvMapping:
    """Read the mapping. Raises `ConfigError` that names every problem, failing samples included."""
    lines = _lines(text, source)
    read = [_column(line) for line in lines]
    problems = [
        f"row {number}: {found}" for number, found in enumerate(read, start=2) if isinstance(found, str)
    ]
    problems += _relations(lines)
    if problems:
        raise ConfigError(source, problems)
    return CsvMapping(tuple(found for found in read if isinstance(found, Column)))


def _lines(text: str, source: str) -> list[dict[str, str]]:
    reader = csv.DictReader(StringIO(text.removeprefix("\ufeff")), restval="")
    try:
        if missing := [name for name in COLUMNS if name not in (reader.fieldnames or ())]:
            raise ConfigError(source, [f"the first row names no column {name}" for name in missing])
        return [{name: str(line[name]).strip() for name in COLUMNS} for line in reader]
    except csv.Error as error:
        raise ConfigError(source, [f"not CSV, line {reader.line_num}: {error}"]) from None


def _column(line: Mapping[str, str]) -> Column | str:
    """The line, or what is wrong with it."""
    name, _, argument = line["transform"].partition(":")
    transform = TRANSFORMS.get(name)
    wanted = TARGETS.get(line["target"])
    if wanted is None:
        return f"{line['target']!r} is no target; targets are {', '.join(TARGETS)}"
    if transform is None:
        return f"{name!r} is no transform; transforms are {', '.join(TRANSFORMS)}"
    if not line["type"] == transform.type == wanted:
        return (
            f"{line['target']} is a {wanted}, {name} gives a {transform.type}, the row says {line['type']!r}"
        )
    if transform.needs_argument and not argument:
        return f"{name} needs an argument: {name}:…"
    return _tried(Column(line["source"], line["target"], transform, argument), line["sample"])


def _tried(column: Column, sample: str) -> Column | str:
    try:
        column.value(sample)
    except ValueError as error:
        return f"the sample {sample!r} of {column.source} fails: {error}"
    return column


def _relations(lines: list[dict[str, str]]) -> Iterator[str]:
    targets = Counter(line["target"] for line in lines)
    yield from (f"target {name} is mapped {n} times" for name, n in targets.items() if n > 1)
    yield from (f"no column is mapped to {name}" for name in _REQUIRED if name not in targets)
    if not any(name in targets for name in _DATES):
        yield "no column is mapped to enrolled or completed: nothing would have a date"
