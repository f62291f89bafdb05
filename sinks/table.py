"""A table as the sink sees it: its columns, and how the records of its topic become rows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from schemas import codec
from schemas.avro_schemas import raw_schema
from schemas.topics import Topic
from sinks.columns import Column
from sinks.records import RawRecord

Fields = Mapping[str, Any]
UPSERTS_PATIENCE = 4
"""Of tables where a later row replaces an earlier one: more of them in one insert, and fewer inserts."""

_BLANKS: Mapping[str, object] = {
    "array": (),
    "boolean": False,
    "double": 0.0,
    "int": 0,
    "long": 0,
    "string": "",
}

OWN_VERSION = -1
"""In an envelope: the version is the one in the body."""


@dataclass(frozen=True)
class Table:
    """`patience` is how much longer than others its rows may wait to be inserted.

    A record becomes one row, or one for each item of its list `unfolded`; one where the field `dropped` holds
    becomes none. `withdraw` gives the fields that say what a tombstone withdraws, all others being blank; a
    topic without it has no tombstones.
    """

    topic: Topic
    name: str
    columns: tuple[Column, ...]
    unfolded: str = ""
    dropped: str = ""
    withdraw: Callable[[RawRecord], Fields] | None = None
    patience: int = 1

    @property
    def column_names(self) -> list[str]:
        """Names, in the order of a row's values."""
        return [column.name for column in self.columns]

    @property
    def is_one_to_one(self) -> bool:
        """Whether each record becomes just one row."""
        return not (self.unfolded or self.dropped)

    @property
    def has_withdrawals(self) -> bool:
        """Whether tombstones mean something."""
        return self.withdraw is not None

    def withdrawal(self, raw: RawRecord) -> Fields:
        """The value that stands for the tombstone `raw`."""
        withdrawn = self.withdraw(raw) if self.withdraw else {}
        nothing = blank(raw_schema(self.topic.name))
        return {**nothing, "correlation_id": raw.correlation_id, **withdrawn}

    def unstated_version(self, raw: RawRecord) -> int:
        """The version of a record that states none in its header: `OWN_VERSION`, else that of its place."""
        return OWN_VERSION if self._values_have_versions else raw.version

    @cached_property
    def _values_have_versions(self) -> bool:
        return any(field["name"] == "version" for field in raw_schema(self.topic.name)["fields"])

    def rows_of(self, raw: RawRecord) -> int:
        """How many rows a record becomes. Raises `CodecError` for a damaged one."""
        value = self.withdrawal(raw) if raw.value is None else codec.decode(self.topic, raw.value)
        if self.dropped and value[self.dropped]:
            return 0
        return len(value[self.unfolded]) if self.unfolded else 1


def blank(schema: Any) -> Fields:
    """A value of a record's Avro schema in which every field says nothing: null, empty or zero."""
    return {field["name"]: _blank(field["type"]) for field in schema["fields"]}


def _blank(schema: Any) -> object:
    kind = schema["type"] if isinstance(schema, dict) else schema
    return None if isinstance(schema, list) else _BLANKS[kind]


def split_key(raw: RawRecord) -> tuple[str, str]:
    """The two parts of a composite key: `person|rest`."""
    person, _, rest = raw.key.decode().partition("|")
    return person, rest
