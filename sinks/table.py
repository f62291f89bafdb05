"""A table as the sink sees it: its columns, and how a record becomes rows."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sinks.columns import Column
from sinks.records import Record, Refused

Fields = Mapping[str, Any]
Row = tuple[Any, ...]


@dataclass(frozen=True)
class Table:
    """`fields` gives the named values of each row that a record becomes; `columns` says which go where."""

    name: str
    columns: tuple[Column, ...]
    fields: Callable[[Record], Iterable[Fields]]

    @property
    def column_names(self) -> list[str]:
        """Names, in the order of a row's values."""
        return [column.name for column in self.columns]

    @property
    def column_types(self) -> list[str]:
        """ClickHouse types, in the same order."""
        return [column.type for column in self.columns]

    def rows(self, record: Record) -> list[Row] | Refused:
        """The rows of `record`, values in the order of `columns`; none where it is not kept."""
        try:
            return [tuple([column.read(fields) for column in self.columns]) for fields in self.fields(record)]
        except ValueError as error:
            return Refused("out_of_range", str(error))


def origin_fields(record: Record) -> dict[str, int]:
    """The record's own coordinates as the columns `origin_*`."""
    origin = record.origin
    return {
        "origin_partition": origin.partition,
        "origin_offset": origin.offset,
        "origin_epoch": origin.epoch,
    }


def split_key(record: Record) -> tuple[str, str]:
    """The two parts of a composite key: `person|rest`."""
    person, _, rest = record.key.partition("|")
    return person, rest


def as_columns(rows: Sequence[Row]) -> list[list[Any]]:
    """Rows turned into columns, as inserts want them."""
    return [list(column) for column in zip(*rows, strict=True)]
