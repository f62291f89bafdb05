"""Records as they lie in Kafka, and what they say once decoded."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from schemas import codec
from schemas.errors import CodecError
from schemas.origin import Origin
from schemas.topics import Topic

_LARGEST_VERSION = 2**63 - 1


@dataclass(frozen=True, slots=True)
class RawRecord:
    """One record with its coordinates. A `value` of None is a tombstone; `timestamp_ms` is the log's."""

    origin: Origin
    key: bytes
    value: bytes | None
    headers: Mapping[str, bytes]
    timestamp_ms: int

    @property
    def correlation_id(self) -> str:
        """The delivery that it belongs to, or empty."""
        return self.headers.get("correlation_id", b"").decode(errors="replace")


@dataclass(frozen=True, slots=True)
class Record:
    """A decoded record: an upsert with a `value`, or the withdrawal of its `key`."""

    origin: Origin
    key: str
    value: Mapping[str, Any] | None
    version: int
    correlation_id: str
    timestamp_ms: int


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
        key = raw.key.decode()
    except (CodecError, UnicodeDecodeError) as error:
        return Refused("undecodable", str(error))
    if value is None and topic.cleanup != "compact":
        return Refused("empty", f"{topic.name} has no tombstones")
    version = _version(raw, value)
    if version is None:
        return Refused("no_version", "a version from 0 to 2^63 - 1 is missing")
    return Record(raw.origin, key, value, version, raw.correlation_id, raw.timestamp_ms)


def _version(raw: RawRecord, value: Mapping[str, Any] | None) -> int | None:
    header = raw.headers.get("version")
    if header is not None:
        number = int(header) if header.isdigit() and len(header) < 20 else -1
    elif value is not None:
        number = value.get("version", raw.origin.version)
    else:
        return None
    return number if 0 <= number <= _LARGEST_VERSION else None
