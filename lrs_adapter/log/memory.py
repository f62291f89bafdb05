"""Which statements were accepted lately, by any adapter: what they said and where they are. Pure.

Bounded by count: two generations, of which the older is forgotten whole when the younger is full. An entry is
16 bytes of meaning and 10 bytes of place; with its key some 200 bytes of memory.
"""

import struct
from dataclasses import dataclass
from typing import Final

_PLACE: Final = struct.Struct(">HQ")
_DIGEST_BYTES: Final = 16


@dataclass(frozen=True, slots=True)
class Place:
    """Where a statement is in `xapi.statements`."""

    partition: int
    offset: int


class Memory:
    """Statements by id, and the ids that were voided. `limit` is the most statements it holds."""

    def __init__(self, limit: int) -> None:
        self._half = max(1, limit // 2)
        self._young: dict[bytes, bytes] = {}
        self._old: dict[bytes, bytes] = {}
        self._voided: dict[bytes, None] = {}
        self._voided_before: dict[bytes, None] = {}

    def __len__(self) -> int:
        return len(self._young) + len(self._old)

    def remember(self, statement_id: str, digest: bytes, place: Place) -> None:
        """Remember what stands in the log. What is remembered first of an id counts."""
        key = _key(statement_id)
        if self._entry(key) is None:
            self._put(key, digest + _packed(place))

    def has(self, statement_id: str, place: Place | None = None) -> bool:
        """Whether the id is remembered; with a `place`, whether it is remembered to be there."""
        entry = self._entry(_key(statement_id))
        return entry is not None and (place is None or entry[_DIGEST_BYTES:] == _packed(place))

    def voids(self, statement_id: str) -> None:
        """Remember that a statement was voided."""
        if len(self._voided) >= self._half:
            self._voided, self._voided_before = {}, self._voided
        self._voided[_key(statement_id)] = None

    def contradicts(self, statement_id: str, digest: bytes) -> bool:
        """Whether a statement with this id and another meaning was accepted."""
        entry = self._entry(_key(statement_id))
        return entry is not None and entry[:_DIGEST_BYTES] != digest

    def place_of(self, statement_id: str) -> Place | None:
        """Where the statement is; None if it is not remembered."""
        entry = self._entry(_key(statement_id))
        return None if entry is None else Place(*_PLACE.unpack(entry[_DIGEST_BYTES:]))

    def is_voided(self, statement_id: str) -> bool:
        """Whether a voiding statement names this id."""
        key = _key(statement_id)
        return key in self._voided or key in self._voided_before

    def clear(self) -> None:
        """Forget everything."""
        for generation in (self._young, self._old, self._voided, self._voided_before):
            generation.clear()

    def _entry(self, key: bytes) -> bytes | None:
        return self._young.get(key) or self._old.get(key)

    def _put(self, key: bytes, entry: bytes) -> None:
        if len(self._young) >= self._half and key not in self._young:
            self._young, self._old = {}, self._young
        self._young[key] = entry


def _key(statement_id: str) -> bytes:
    return bytes.fromhex(statement_id.replace("-", ""))


def _packed(place: Place) -> bytes:
    return _PLACE.pack(place.partition, place.offset)
