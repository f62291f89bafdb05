"""What becomes of the statements of one request: values, in the order of the request."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from schemas.equality import content_digest
from schemas.outcomes import Fault
from schemas.xapi import is_voiding

Reason = Literal["malformed", "invalid", "forbidden"]


@dataclass(frozen=True)
class Kept:
    """A valid statement. `id` is spelled as in `raw`; `raw` is the text as received, plus a missing id."""

    id: str
    raw: bytes
    value: dict[str, Any]

    @property
    def voids(self) -> str:
        """The id of the statement that this one voids, lower-case; empty for any other statement."""
        return str(self.value["object"]["id"]).lower() if is_voiding(self.value) else ""

    @cached_property
    def digest(self) -> bytes:
        """What it says, as conflicts are told by it."""
        return content_digest(self.value)


@dataclass(frozen=True, slots=True)
class Bad:
    """A statement that cannot be kept, and why. `id` is its own if that is a UUID, else a made one.

    `malformed`: not JSON that can be taken; `invalid`: not a valid statement; `forbidden`: a void by a sender
    without the right.
    """

    id: str
    raw: bytes
    reason: Reason
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class Batch:
    """A request that is taken: its statements, and the data of their attachments by SHA-2 sum."""

    entries: tuple[Kept | Bad, ...]
    sent: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def ids(self) -> list[str]:
        """The id of every statement of the request, in its order: the answer to a POST."""
        return [entry.id for entry in self.entries]

    @property
    def kept(self) -> tuple[Kept, ...]:
        """The statements for the log."""
        return tuple(entry for entry in self.entries if isinstance(entry, Kept))

    @property
    def bad(self) -> tuple[Bad, ...]:
        """The statements for the dead letters; none unless the sender has `accept_good`."""
        return tuple(entry for entry in self.entries if isinstance(entry, Bad))
