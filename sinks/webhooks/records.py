"""Records as receivers are told of them: decoded, with their versions."""

from typing import Any, NamedTuple

from schemas import codec
from schemas.errors import CodecError
from schemas.topics import by_name
from sinks.records import RawRecord, Refused


class Record(NamedTuple):
    """A decoded record: an upsert with a `value`, or the withdrawal of its key."""

    raw: RawRecord
    value: dict[str, Any] | None
    version: int

    @property
    def key(self) -> str:
        """Its key as text."""
        return self.raw.key.decode()


def decode(raw: RawRecord) -> Record | Refused:
    """What `raw` says, or why it says nothing. Only compacted topics have tombstones, with a version each."""
    topic = by_name(raw.topic)
    try:
        value = None if raw.value is None else codec.decode(topic, raw.value)
        raw.key.decode()
        version = raw.stated_version
    except (CodecError, ValueError) as error:
        return Refused("undecodable", str(error))
    if value is None and (version is None or topic.cleanup != "compact" or b"|" not in raw.key):
        return Refused("undecodable", "it is no withdrawal of a figure")
    return Record(raw, value, raw.version if version is None else version)
