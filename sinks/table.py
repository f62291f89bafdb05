"""A table as the sink sees it: its columns, and how records become values of them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sinks.columns import Column
from sinks.records import RawRecord, Record

Fields = Mapping[str, Any]
UPSERTS_PATIENCE = 4
"""Of tables where a later row replaces an earlier one: more of them in one insert, and fewer inserts."""

Columns = list[list[Any]]
"""Values of each column of a table, as inserts want them; all of one length, the number of rows."""


@dataclass(frozen=True)
class Table:
    """`patience` is how much longer than others its rows may wait to be inserted.

    `fields` gives the named values of each row that a record becomes, none where it is not kept; `columns`
    says which go where.
    """

    name: str
    columns: tuple[Column, ...]
    fields: Callable[[Record], Iterable[Fields]]
    patience: int = 1

    @property
    def column_names(self) -> list[str]:
        """Names, in the order of a row's values."""
        return [column.name for column in self.columns]

    @property
    def column_types(self) -> list[str]:
        """ClickHouse types, in the same order."""
        return [column.type for column in self.columns]

    def columns_of(self, records: Iterable[Record]) -> Columns:
        """The rows of `records`, column by column. Raises `ValueError` if a value fits no column."""
        fields = self.fields
        rows = [row for record in records for row in fields(record)]
        return [column.read(rows) for column in self.columns]


def origin_fields(raw: RawRecord) -> dict[str, int]:
    """The record's own coordinates as the columns `origin_*`."""
    return {
        "origin_partition": raw.partition,
        "origin_offset": raw.offset,
        "origin_epoch": raw.epoch,
    }


def split_key(record: Record) -> tuple[str, str]:
    """The two parts of a composite key: `person|rest`."""
    person, _, rest = record.key.partition("|")
    return person, rest
