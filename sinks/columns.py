"""Columns: the name and the ClickHouse type of each, and the expression that gives its values.

An integer beyond what the Avro schema allows can only come from damaged bytes, and ClickHouse refuses to read
it. Times and days are moved instead: ClickHouse knows 1900 to 2299, and a time beyond is stored as the
nearest one that it knows. The exact days stand in `slots` and `evidence`, as integers.
"""

from collections.abc import Mapping
from dataclasses import dataclass

_FIRST_DAY, _LAST_DAY = -25_567, 120_528  # 1900-01-01, and 2299-12-30: the day after still fits
_DAY_US = 86_400_000_000
_FIRST_US, _LAST_US = _FIRST_DAY * _DAY_US, (_LAST_DAY + 1) * _DAY_US - 1

STRING = "String"
WORD = "LowCardinality(String)"
INT = "Int32"
LONG = "Int64"
FLOAT = "Float64"
SCORE = "Nullable(Float64)"
BOOL = "Bool"
FLAG = "UInt8"
VERSION = "UInt64"
TIME = "DateTime64(6, 'UTC')"
DAY = "Date32"
OPTIONAL_DAY = "Nullable(Date32)"
STRINGS = "Array(String)"

_DAY_SQL = f"toDate32(least(greatest({{0}}, {_FIRST_DAY}), {_LAST_DAY}))"
_SQL: Mapping[str, str] = {
    TIME: f"fromUnixTimestamp64Micro(least(greatest({{0}}, {_FIRST_US}), {_LAST_US}), 'UTC')",
    DAY: _DAY_SQL,
    OPTIONAL_DAY: f"if({{0}} IS NULL, NULL, {_DAY_SQL.format('assumeNotNull({0})')})",
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table. `sql` gives its value over the fields of a record; `source` is the field."""

    name: str
    type: str
    source: str
    sql: str


def column(name: str, type_: str, source: str = "") -> Column:
    """A column that holds a field: the one called `source`, or `list.field`, where it is not `name`."""
    field = source or name
    quoted = ".".join(f"`{part}`" for part in field.split("."))
    return Column(name, type_, field, _SQL.get(type_, "{0}").format(quoted))


def records(name: str, **parts: str) -> Column:
    """A column that holds a list of records, each with `parts` (name → type)."""
    listed = ", ".join(f"{part} {type_}" for part, type_ in parts.items())
    return column(name, f"Array(Tuple({listed}))")


DELETED = column("deleted", FLAG, "withdrawn")
STATED_VERSION = Column(
    "version", VERSION, "version", "accurateCast(if(log_version < 0, `version`, log_version), 'UInt64')"
)
"""The version that the record states, in its header or else in its value."""

PLACE_VERSION = Column(
    "version", VERSION, "log_version", "toUInt64(bitOr(bitShiftLeft(toInt64(log_epoch), 56), log_offset + 1))"
)
"""The version that the place in the log gives, whatever is stated: see `schemas.origin`."""

ORIGIN = (
    column("origin_partition", INT, "log_partition"),
    column("origin_offset", LONG, "log_offset"),
    column("origin_epoch", INT, "log_epoch"),
)
"""The record's own coordinates."""
