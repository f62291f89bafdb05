"""Which edition of the skill map a partition's evidence is from."""

from collections.abc import Mapping
from typing import Any, Self

import orjson
from msgspec import Struct
from msgspec.structs import replace

EDITIONS_KEY = b"editions"


class Editions(Struct, frozen=True):
    """By which edition of the skill map a partition's evidence was derived.

    `settled` is that edition, empty while there may be several. `run` is the run that was read last, by its
    correlation id; `is_whole` says that a worker with the edition asked for did all of it so far.
    """

    settled: str = ""
    run: str = ""
    is_whole: bool = False

    @classmethod
    def load(cls, data: bytes | None, edition: str) -> Self:
        """Inverse of `dump`; a partition without a row begins with `edition`, the one in use."""
        return cls(edition) if data is None else cls(*orjson.loads(data))

    def dump(self) -> bytes:
        """Bytes for the table."""
        return orjson.dumps([self.settled, self.run, self.is_whole])

    def used(self, edition: str) -> "Editions":
        """Once statements are derived by `edition`."""
        return self if self.settled in ("", edition) else replace(self, settled="")

    def heard(self, record: Mapping[str, Any], edition: str) -> "Editions":
        """Once a record of a run has been read by a worker that derives by `edition`."""
        run, is_opening = record["correlation_id"], is_mark(record) and record["rederives"] < 0
        is_whole = (is_opening or (self.is_whole and run == self.run)) and record["edition"] == edition
        is_done = is_whole and is_mark(record) and not is_opening
        return Editions(edition if is_done else self.settled, run, is_whole)


def is_mark(record: Mapping[str, Any]) -> bool:
    """Whether it opens or closes a run."""
    return not record["statement_id"]
