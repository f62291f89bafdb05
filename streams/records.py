"""What a stage is given and what it answers: values only, so that the core stays free of Kafka and Faust."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from msgspec import Struct


class Record(Struct, frozen=True, gc=False):
    """One record as it lies in its partition. A `value` of None is a tombstone."""

    offset: int
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...]


@dataclass(frozen=True, slots=True)
class Chunk:
    """Records of one partition in offset order, handled as one step."""

    topic: str
    partition: int
    records: Sequence[Record]


class Output(Struct, frozen=True, gc=False):
    """A record to send. A `value` of None is a tombstone."""

    topic: str
    partition: int
    key: bytes
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...]


@dataclass(slots=True)
class Effects:
    """What a step wants done: records to send, and table rows to write (table name → key → value).

    A row whose value is None is deleted. Rows belong to the partition that the step was given; those of one
    table are written in order, and a crash may cut them off anywhere. `more`: something can be done only once
    these rows are safe, so the stage is to sweep at once.
    """

    outputs: list[Output] = field(default_factory=list)
    writes: dict[str, dict[bytes, bytes | None]] = field(default_factory=dict)
    more: bool = False


class State(Protocol):
    """One partition's view of a stage's tables, as they were before the step.

    The owner of a row is the part of its key before the first `|`, or the whole key without one.
    """

    def get(self, table: str, key: bytes) -> bytes | None:
        """The row under `key`, or None."""
        ...

    def scan(self, table: str, owner: bytes) -> Iterator[tuple[bytes, bytes]]:
        """The rows whose keys begin with `owner` and `|`, in key order."""
        ...

    def owners(self, table: str, after: bytes, limit: int) -> list[bytes]:
        """At most `limit` owners that have a row and come after `after`, in order; fewer: these are the last.

        For going through all of them in slices, as with `walk`.
        """
        ...

    def walk(self, table: str, after: bytes, limit: int) -> list[tuple[bytes, bytes]]:
        """At most `limit` rows whose keys come after `after`, in key order; fewer: these are the last.

        For going through a whole table in slices. A row that came while somebody did may be passed over.
        """
        ...


class Stage(Protocol):
    """A pure step. It does no I/O and raises for programming errors only: the engine then stops."""

    @property
    def name(self) -> str:
        """Its name, also that of its agent."""
        ...

    @property
    def topics(self) -> tuple[str, ...]:
        """The topics it reads; no other stage of the worker reads them."""
        ...

    @property
    def tables(self) -> tuple[str, ...]:
        """The tables it keeps; no other stage of the worker has them."""
        ...

    def process(self, chunk: Chunk, state: State) -> Effects:
        """What the records of `chunk` cause."""
        ...

    def sweep(self, partition: int, state: State) -> Effects | None:
        """What the passing of time, or rows that are safe by now, cause; None when nothing is left to do.

        Called at an interval, then again until it answers None: much work comes in slices. Called once after
        a step that says there is `more`.
        """
        ...
