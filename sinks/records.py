"""Records as they lie in Kafka, and what they say once decoded."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from schemas import codec
from schemas.errors import CodecError
from schemas.headers import CORRELATION_ID, VERSION
from schemas.origin import origin_version
from schemas.topics import Topic

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

    @property
    def correlation_id(self) -> str:
        """The delivery that it belongs to, or empty."""
        return (self.header(CORRELATION_ID) or b"").decode(errors="replace")

    @property
    def version(self) -> int:
        """The version that its place in the log gives it."""
        return origin_version(self.offset, self.epoch)

    def header(self, name: str) -> bytes | None:
        """The value of that header."""
        for header, value in self.headers:
            if header == name:
                return value
        return None


class Record(NamedTuple):
    """A decoded record: an upsert with a `value`, or the withdrawal of its key."""

    raw: RawRecord
    value: dict[str, Any] | None
    version: int

    @property
    def key(self) -> str:
        """Its key as text."""
        return self.raw.key.decode()


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a record cannot become rows: a reason code and a sentence for a person."""

    reason: str
    detail: str


def decode(topic: Topic, raw: RawRecord) -> Record | Refused:
    """What `raw` says, or why it says nothing.

    The version is the `version` header, else the value's own, else that of the origin. Tombstones have
    nothing but the header, and only compacted topics have tombstones.
    """
    try:
        value = None if raw.value is None else codec.decode(topic, raw.value)
        raw.key.decode()
    except (CodecError, UnicodeDecodeError) as error:
        return Refused("undecodable", str(error))
    if value is None and topic.cleanup != "compact":
        return Refused("empty", f"{topic.name} has no tombstones")
    version = _version(raw, value)
    if version is None:
        return Refused("no_version", "a version from 0 to 2^63 - 1 is missing")
    return Record(raw, value, version)


def _version(raw: RawRecord, value: Mapping[str, Any] | None) -> int | None:
    header = raw.header(VERSION)
    if header is not None:
        number = int(header) if header.isdigit() and len(header) < 20 else -1
    elif value is not None:
        number = value.get("version", raw.version)
    else:
        return None
    return number if 0 <= number <= _LARGEST_VERSION else None
