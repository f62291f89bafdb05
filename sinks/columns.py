"""Columns: the name and the ClickHouse type of each, and what a value must be to fit it.

Types take every value that the Avro schema allows (int → Int32, long → Int64). An integer beyond them can
only come from damaged bytes; it is refused here, because in an insert it would break the whole block. Times
and days are moved instead: ClickHouse knows 1900 to 2299, and a time beyond is stored as the nearest one
that it knows. The exact days stand in `slots` and `evidence`, as integers.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_FIRST_DAY, _LAST_DAY = -25_567, 120_528  # 1900-01-01, and 2299-12-30: the day after still fits
_DAY_US = 86_400_000_000

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

Values = list[Any]
Fit = Callable[[Values], Values]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table. Its values are the rows' field `source`, passed through `fit`."""

    name: str
    type: str
    source: str
    fit: Fit | None

    def read(self, rows: Sequence[Mapping[str, Any]]) -> Values:
        """This column's values of `rows`. Raises `ValueError` if one is a value that no column can hold."""
        source = self.source
        values = [row[source] for row in rows]
        return values if self.fit is None else self.fit(values)


def column(name: str, type_: str, source: str = "") -> Column:
    """A column of a plain type; `source` names the row's field where it is not `name`."""
    return Column(name, type_, source or name, _FIT.get(type_))


def records(name: str, **parts: str) -> Column:
    """A column that holds a list of records, each with `parts` (name → type)."""
    listed = ", ".join(f"{part} {type_}" for part, type_ in parts.items())
    checks = [(part, _FIT[type_]) for part, type_ in parts.items() if type_ in _FIT]

    def fit(lists: Values) -> Values:
        for part, check in checks:
            check([item[part] for items in lists for item in items])
        return lists

    return Column(name, f"Array(Tuple({listed}))", name, fit)


def _within(bits: int) -> Fit:
    bound = 1 << (bits - 1)

    def fit(values: Values) -> Values:
        if values and not (-bound <= min(values) and max(values) < bound):
            raise ValueError(f"an integer does not fit in {bits} bits")
        return values

    return fit


def _between(first: int, last: int) -> Fit:
    def fit(values: Values) -> Values:
        if values and not (first <= min(values) and max(values) <= last):
            return [min(max(value, first), last) for value in values]
        return values

    return fit


_day = _between(_FIRST_DAY, _LAST_DAY)


def _optional_day(values: Values) -> Values:
    return [None if value is None else _day([value])[0] for value in values]


_FIT: Mapping[str, Fit] = {
    INT: _within(32),
    LONG: _within(64),
    TIME: _between(_FIRST_DAY * _DAY_US, (_LAST_DAY + 1) * _DAY_US - 1),
    DAY: _day,
    OPTIONAL_DAY: _optional_day,
}
