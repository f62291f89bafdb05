"""Whose rows count in a changelog partition, decided by the log itself.

A worker that was suspended, or whose request was held up, may write to a changelog after its partition has a
new owner. Nothing at the writer can rule that out, so the readers do. Every record carries a **stamp**, an
epoch and the number of the append within it, and stamps that count never fall:

- an owner begins with a claim, a record without a value whose epoch is above all that were read;
- of two claims of one epoch the first in the log holds, and one that comes too late does not;
- a row counts if no higher stamp stands before it. Rows of a former owner do not, nor does an append of
  the owner's own that a retry repeats after a later one.

A row that does not count still hides the true one from compaction, so the owner writes that one again.

Rows without a stamp come from a release that did not know of this, and count.
"""

import os
import struct
from collections.abc import Iterable, Iterator
from typing import Any

HEADER = "owner"
_CLAIM = b"\x00claim|"
_EPOCH_SIZE = 8
_STAMP = struct.Struct(">QQ")  # compares as bytes like the pair of numbers


class Fence:
    """What one changelog partition says of its owner, as far as it was read, and what is ours in it.

    `intruded` are the keys whose last record does not count.
    """

    def __init__(self) -> None:
        self.intruded: set[bytes] = set()
        self._claim = _CLAIM + os.urandom(8)
        self._highest = b""
        self._our_epoch: bytes | None = None

    @property
    def is_ours(self) -> bool:
        """Whether the last claim that holds is ours."""
        return self._highest[:_EPOCH_SIZE] == self._our_epoch

    def new_claim(self, now_ms: int) -> tuple[bytes, bytes]:
        """Key and stamp of a claim that holds unless another comes before it.

        The clock keeps epochs apart once compaction has forgotten a claim. If clocks disagree, a claim that
        comes late may hold: its predecessor then stops and starts again, and nothing is lost.
        """
        return self._claim, _STAMP.pack(max(self._numbers()[0] + 1, now_ms), 0)

    def next_stamp(self) -> bytes:
        """The stamp of our next append."""
        epoch, append = self._numbers()
        self._highest = _STAMP.pack(epoch, append + 1)
        return self._highest

    def admit(self, records: Iterable[Any]) -> Iterator[tuple[bytes, bytes | None]]:
        """The rows that count among `records` of the driver, which follow those read before."""
        for record in records:
            stamp, key = _stamp(record), record.key
            if key.startswith(_CLAIM):
                self._claimed(key, stamp)
            elif stamp < self._highest and stamp:
                self.intruded.add(key)
            else:
                self._highest = stamp or self._highest
                self.intruded.discard(key)
                yield key, record.value

    def is_from_us(self, record: Any) -> bool:
        """Whether a record is of our own time as owner."""
        return _stamp(record)[:_EPOCH_SIZE] == self._our_epoch

    def _claimed(self, claim: bytes, stamp: bytes) -> None:
        if stamp > self._highest:
            self._highest = stamp
            if claim == self._claim:
                self._our_epoch = stamp[:_EPOCH_SIZE]

    def _numbers(self) -> tuple[int, int]:
        """Epoch and append of the highest stamp."""
        epoch, append = _STAMP.unpack(self._highest) if self._highest else (0, 0)
        return epoch, append


def _stamp(record: Any) -> bytes:
    """The first header is the only one: nobody else writes to changelogs."""
    return record.headers[0][1] if record.headers else b""
