"""Records as they lie in Kafka, and whether they can become rows at all."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from schemas.headers import CORRELATION_ID, VERSION
from schemas.origin import origin_version

_LARGEST_VERSION = 2**63 - 1


class RawRecord(NamedTuple):
    """One record with its coordinates. A `value` of None is a tombstone; `timestamp_ms` is the log's."""

    topic: str
    partition: int
    offset: int
    epoch: int
    key: bytes
    value: bytes | None
    headers: Sequence[tuple[str, bytes | None]]
    timestamp_ms: int

    @classmethod
    def of(cls, message: Any, epoch: int) -> "RawRecord":
        """What the Kafka client fetched."""
        return cls(
            message.topic,
            message.partition,
            message.offset,
            epoch,
            message.key or b"",
            message.value,
            message.headers,
            message.timestamp,
        )

    @property
    def correlation_id(self) -> str:
        """The delivery that it belongs to, or empty."""
        return (self.header(CORRELATION_ID) or b"").decode(errors="replace")

    @property
    def version(self) -> int:
        """The version that its place in the log gives it."""
        return origin_version(self.offset, self.epoch)

    @property
    def stated_version(self) -> int | None:
        """The version that its `version` header states; None without one.

        Raises `ValueError` for a header that is no number from 0 to 2^63 - 1.
        """
        for name, header in self.headers:
            if name == VERSION and header is not None:
                return _version(header)
        return None

    def header(self, name: str) -> bytes | None:
        """The value of that header."""
        for header, value in self.headers:
            if header == name:
                return value
        return None


def _version(header: bytes) -> int:
    if header.isdigit() and len(header) < 20 and (version := int(header)) <= _LARGEST_VERSION:
        return version
    raise ValueError("the version is no number from 0 to 2^63 - 1")


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a record cannot become rows: a reason code and a sentence for a person."""

    reason: str
    detail: str


@dataclass(frozen=True, slots=True)
class RefusedRecord:
    """A record that is to be a dead letter."""

    raw: RawRecord
    why: Refused
