"""A chunk on its way from the driver to a stage."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import faust
from faust.types import AppT, Message

from streams.records import Chunk


@dataclass(slots=True, eq=False)
class FetchedChunk:
    """A chunk as it was fetched: the driver's records, and the generation of the group they belong to.

    `follows` is the last offset of the chunk before it; None for the first one after a rebalance. `end` is
    the end of the partition when it was fetched, None if that was not told. `done` is set once everything the
    chunk causes is safe; until then acknowledging it commits nothing.
    """

    topic: str
    partition: int
    fetched: Sequence[Any]
    generation: int
    follows: int | None
    end: int | None = None
    done: bool = False

    def to_chunk(self) -> Chunk:
        """What a stage is given: the driver's records have all that a `streams.records.Record` has."""
        return Chunk(self.topic, self.partition, self.fetched)

    @property
    def last_offset(self) -> int:
        """The offset of the last record."""
        return int(self.fetched[-1].offset)


class ChunkSchema(faust.Schema[Any, Any]):
    """Hands a chunk to the agent as it is."""

    def loads_key(self, app: AppT, message: Message, **_: Any) -> Any:
        """A chunk has no key."""
        return message.key

    def loads_value(self, app: AppT, message: Message, **_: Any) -> Any:
        """The `FetchedChunk`."""
        return message.value
