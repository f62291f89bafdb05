"""Records that a stage sends, placed by their key and carrying the headers that every record has."""

from schemas.headers import headers, told
from schemas.partitions import partition_for
from schemas.topics import Topic
from streams.records import Output


def output(
    topic: Topic,
    key: str,
    value: bytes | None,
    partitions: int,
    version: int,
    correlation_id: str,
    traceparent: bytes = b"",
) -> Output:
    """A record of `topic` under `key`; `value` None is a tombstone, which is why the version is a header."""
    place = partition_for(key, partitions)
    said = (
        told(correlation_id, version=version)
        if value is None
        else headers(topic, correlation_id, version=version, traceparent=traceparent)
    )
    return Output(topic.name, place, key.encode(), value, said)
