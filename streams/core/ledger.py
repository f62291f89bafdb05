"""The ledger: which statement took effect, from which place in the log.

Key: statement id. Value: version of its origin (0 while only a void has arrived), version of the void
that withdrew it (0 while it stands), the UTC day from which on the entry is kept for as long as the ledger's
horizon says, digest of its meaning, and the learning event it gave, so that a void can subtract exactly what
was added.
"""

import struct
from typing import Self

from msgspec import Struct
from msgspec.structs import replace

_HEAD = struct.Struct(">QQi16s")
_DAY = struct.Struct(">16xi")
_NO_DIGEST = bytes(16)


class LedgerEntry(Struct, frozen=True, gc=False):
    """What the ledger knows of one statement id. `event` is its learning event, encoded."""

    version: int
    voided: int
    day: int
    digest: bytes
    event: bytes

    @classmethod
    def awaited(cls, void_version: int, day: int) -> Self:
        """The entry of a statement whose void arrived first, on UTC day `day`."""
        return cls(0, void_version, day, _NO_DIGEST, b"")

    @classmethod
    def load(cls, data: bytes) -> Self:
        """Inverse of `dump`."""
        version, voided, day, digest = _HEAD.unpack_from(data)
        return cls(version, voided, day, digest, data[_HEAD.size :])

    def dump(self) -> bytes:
        """Bytes for the table."""
        return _HEAD.pack(self.version, self.voided, self.day, self.digest) + self.event

    def withdrawn(self, void_version: int) -> "LedgerEntry":
        """The entry after a void."""
        return replace(self, voided=void_version)


def day_of(data: bytes) -> int:
    """The day of a stored entry, without reading the rest of it."""
    (day,) = _DAY.unpack_from(data)
    return int(day)
