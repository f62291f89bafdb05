"""Deleting what is too old from the tables of the persona stage, slice by slice, once for each UTC day.

What counts as old is decided by the day that figures are for, never by a clock: the first step of a pass only
writes down from which day on things count (`Kept`), and every later step and statement goes by that. Deleted
rows are tombstones in the changelog; whoever was sent a deleted cell is sent a tombstone too.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Self

import orjson

from schemas.topics import PERSONA_STATE
from streams.core import identity, ledger, links
from streams.core.cells import SkillCell, load_cell, parse_key
from streams.core.outputs import output
from streams.core.persona_batch import CELLS_TABLE, LEDGER_TABLE, LINKS_TABLE
from streams.core.retention import Kept, Retention
from streams.records import Output, State

EXPIRY_KEY = b"expiry"
_SLICE = 5000
_NEXT_TABLE = {LEDGER_TABLE: CELLS_TABLE, CELLS_TABLE: ""}


@dataclass(frozen=True, slots=True)
class Expiry:
    """How far a partition is rid of what is too old.

    `as_of` is the UTC day of the last pass, `kept` what counts since. Entries of statements with timestamps
    before UTC day `forgotten` may be gone from the ledger. `table` and `after` say where the pass is, in
    which table and behind which key; no table: it is done.
    """

    as_of: int = -1
    kept: Kept = field(default_factory=Kept)
    forgotten: int = 0
    table: str = ""
    after: str = ""

    @classmethod
    def load(cls, data: bytes | None) -> Self:
        """Inverse of `dump`; where there is no row, nothing was ever deleted."""
        if data is None:
            return cls()
        as_of, days, evidence, forgotten, table, after = orjson.loads(data)
        return cls(as_of, Kept(days, evidence), forgotten, table, after)

    def dump(self) -> bytes:
        """Bytes for the table."""
        kept = self.kept
        return orjson.dumps([self.as_of, kept.days, kept.evidence, self.forgotten, self.table, self.after])

    def begun(self, as_of: int, kept: Kept) -> "Expiry":
        """A new pass, for UTC day `as_of`."""
        return replace(self, as_of=as_of, kept=self.kept.later(kept), table=LEDGER_TABLE, after="")

    def moved(self, last: bytes | None) -> "Expiry":
        """The pass behind the row `last`; None: the table is done."""
        if last is None:
            return replace(self, table=_NEXT_TABLE[self.table], after="")
        return replace(self, after=last.decode())


@dataclass(frozen=True, slots=True)
class Slice:
    """What one step of a pass does: records to send, rows to delete or shorten, and where it stands then."""

    reached: Expiry
    outputs: list[Output] = field(default_factory=list)
    rows: Mapping[bytes, bytes | None] = field(default_factory=dict)

    @property
    def deleted(self) -> int:
        """How many rows go."""
        return sum(1 for row in self.rows.values() if row is None)


def next_slice(
    expiry: Expiry, state: State, as_of: int, retention: Retention, partitions: int
) -> Slice | None:
    """The next step of the pass for UTC day `as_of`, or None when that is done."""
    if not expiry.table:
        return Slice(expiry.begun(as_of, retention.kept(as_of))) if as_of > expiry.as_of else None
    rows = state.walk(expiry.table, expiry.after.encode(), _SLICE)
    reached = expiry.moved(rows[-1][0] if len(rows) == _SLICE else None)
    if expiry.table == CELLS_TABLE:
        shorter = _shortened(rows, expiry.kept)
        return Slice(reached, _tombstones(shorter, state, partitions), shorter)
    horizon = retention.horizon(expiry.as_of)
    gone: dict[bytes, bytes | None] = {key: None for key, data in rows if ledger.day_of(data) < horizon}
    if gone and expiry.forgotten < horizon:
        return Slice(replace(expiry, forgotten=horizon))
    return Slice(reached, rows=gone)


def _shortened(rows: list[tuple[bytes, bytes]], kept: Kept) -> dict[bytes, bytes | None]:
    """The cells that hold something too old, without it; None for those of which nothing is left."""
    changed: dict[bytes, bytes | None] = {}
    for key, data in rows:
        _, kind, rest = parse_key(key)
        if kind == "d" and int(rest) < kept.days:
            changed[key] = None
        elif kind == "s":
            cell = load_cell(key, data)
            if isinstance(cell, SkillCell) and cell.forget_before(kept.evidence):
                changed[key] = cell.dump() if cell.items else None
    return changed


def _tombstones(rows: Mapping[bytes, bytes | None], state: State, partitions: int) -> list[Output]:
    """Tombstones of deleted cells, for everybody whom the persona may belong to."""
    outputs = []
    for key in (key for key, left in rows.items() if left is None):
        persona, _, _ = parse_key(key)
        assertions = links.load(state.get(LINKS_TABLE, persona.encode()))
        persons = sorted(identity.persons(assertions, persona))
        keys = (f"{person}|{key.decode()}" for person in persons)
        outputs += [output(PERSONA_STATE, told, None, partitions, 0, "") for told in keys]
    return outputs
