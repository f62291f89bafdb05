"""Snapshots for reconciliation: the cells of a partition at an exact offset, with an account of them.

The rows can be recomputed elsewhere from `learning.events`; the checksum does not depend on their order, so
nobody has to sort anything to compare.

The position lies among the cells and is written after them, so that a crash cannot leave a position whose
cells are missing. It can leave cells that are ahead of the position: then there is no snapshot until the
statements that were cut off have been processed again.
"""

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import md5
from typing import Any

import orjson

from schemas import codec
from schemas.headers import headers
from schemas.origin import origin_version
from schemas.topics import SNAPSHOTS
from streams.core.cells import Cell, SkillCell, VersionedDay, load_cell
from streams.core.events import evidence_row
from streams.core.persona_batch import CELLS_TABLE
from streams.core.retention import Kept
from streams.records import Output, State

POSITION = b"|p|"
"""Key, among the cells, of the version of the last statement seen: a row without a persona."""

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


def position(state: State) -> int:
    """Version of the last statement that the cells know of; 0 for none."""
    return int(state.get(CELLS_TABLE, POSITION) or b"0")


def offset_of(version: int, epoch: int) -> int:
    """The offset of a version in this incarnation of the topic; -1 if it is from before."""
    return max(version - origin_version(-1, epoch) - 1, -1)


@dataclass(frozen=True, slots=True)
class Place:
    """What a snapshot is of: a partition, from behind version `since` to version `up_to`."""

    partition: int
    epoch: int
    since: int
    up_to: int

    def stamp(self) -> dict[str, int]:
        """What every record of the snapshot tells of it."""
        return {
            "partition": self.partition,
            "epoch": self.epoch,
            "offset": offset_of(self.up_to, self.epoch),
            "previous_offset": offset_of(self.since, self.epoch),
        }


def snapshot(state: State, place: Place, kept: Kept) -> list[Output] | None:
    """The changed cells and their manifest, in that order; None if a cell is ahead of the place."""
    rows = changed_rows(state, place.since, place.up_to)
    if rows is None:
        return None
    records = [_told_row(row) for row in rows] + [_manifest(rows, kept)]
    key, said = str(place.partition).encode(), headers(SNAPSHOTS, "", version=place.up_to)
    values = (codec.encode(SNAPSHOTS, record | place.stamp()) for record in records)
    return [Output(SNAPSHOTS.name, place.partition, key, value, said) for value in values]


def _told_row(row: Row) -> dict[str, Any]:
    return {"kind": "row", "cell": row.cell, "content": row.content}


def _manifest(rows: list[Row], kept: Kept) -> dict[str, Any]:
    """What all rows come to, and from which UTC days on the partition kept what they rest on."""
    since = {"days_since": max(0, kept.days), "evidence_since": max(0, kept.evidence)}
    return {"kind": "manifest", "rows": len(rows), "checksum": checksum(rows)} | since


def changed_rows(state: State, since: int, up_to: int) -> list[Row] | None:
    """The cells that a statement after version `since` has touched; None if one is ahead of `up_to`."""
    rows = (row for row in state.walk(CELLS_TABLE, b"", sys.maxsize) if row[0] != POSITION)
    changed = [(key, data, version) for key, data in rows if (version := _version(data)) > since]
    if any(version > up_to for _, _, version in changed):
        return None
    return [Row(key.decode(), content(load_cell(key, data))) for key, data, _ in changed]


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
