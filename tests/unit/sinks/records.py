"""Records for the sink's tests, made from the examples that ship with the schemas."""

from typing import Any

from schemas import codec
from schemas.examples import EXAMPLES
from schemas.topics import Topic
from sinks.records import RawRecord

NOON_2026_11_02_MS = 1_793_620_800_000


def example(topic: Topic, **changes: Any) -> bytes:
    """The topic's example with some fields changed, encoded."""
    return codec.encode(topic, {**EXAMPLES[topic.name], **changes})


def raw(
    topic: Topic,
    value: bytes | None,
    *,
    offset: int = 7,
    key: bytes = b"person|part",
    version: bytes | None = b"42",
) -> RawRecord:
    """`value` as a record of partition 3 of `topic`."""
    headers = [("correlation_id", b"delivery"), *([] if version is None else [("version", version)])]
    return RawRecord(topic.name, 3, offset, 1, key, value, headers, NOON_2026_11_02_MS)
