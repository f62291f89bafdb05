"""Snapshots for reconciliation: the cells of a partition at an exact offset, with an account of them.

The rows can be recomputed elsewhere from `learning.events`; the checksum does not depend on their order, so
nobody has to sort anything to compare.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import md5
from typing import Any

import orjson

from streams.core.cells import Cell, SkillCell, VersionedDay, load_cell
from streams.core.events import evidence_row
from streams.records import State

_MODULUS = 1 << 64


@dataclass(frozen=True, slots=True)
class Row:
    """One cell as a snapshot tells it."""

    cell: str
    content: str

    @property
    def checksum(self) -> int:
        """64 bits of its MD5."""
        digest = md5(f"{self.cell}\n{self.content}".encode(), usedforsecurity=False).digest()
        return int.from_bytes(digest[:8], "little")


def changed_rows(state: State, table: str, since_version: int) -> list[Row]:
    """The cells of `table` that a statement with a later version than `since_version` has touched."""
    rows = (pair for owner in state.owners(table) for pair in state.scan(table, owner))
    cells = ((key, load_cell(key, data)) for key, data in rows if _version(data) > since_version)
    return [Row(key.decode(), content(cell)) for key, cell in cells]


def _version(data: bytes) -> int:
    """The version of a stored cell, without reading the rest of it: it comes first in its JSON array."""
    return int(data[1 : data.index(b",")])


def content(cell: Cell) -> str:
    """The cell's content as canonical JSON; empty for a cell with nothing in it any more."""
    told = _day(cell) if isinstance(cell, VersionedDay) else _skill(cell)
    return orjson.dumps(told).decode() if told else ""


def _day(cell: VersionedDay) -> list[Any]:
    figures = cell.content.figures()
    if cell.content.is_empty:
        return []
    return [
        figures.statements,
        figures.completions,
        figures.passes,
        figures.fails,
        figures.sessions,
        figures.time_source,
        f"{figures.slots:x}",
    ]


def _skill(cell: SkillCell) -> list[Any]:
    return [evidence_row(cell.items[key]) for key in sorted(cell.items)]


def checksum(rows: Iterable[Row]) -> str:
    """Sum of the rows' checksums modulo 2^64, decimal."""
    return str(sum(row.checksum for row in rows) % _MODULUS)
