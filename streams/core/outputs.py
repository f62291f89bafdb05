"""Records that a stage sends, placed by their key and carrying the headers that every record has."""

from schemas.partitions import partition_for
from schemas.topics import Topic
from streams.records import Output


def output(
    topic: Topic, key: str, value: bytes | None, partitions: int, version: int, correlation_id: str
) -> Output:
    """A record of `topic` under `key`; `value` None is a tombstone, which is why the version is a header."""
    place = partition_for(key, partitions)
    return Output(topic.name, place, key.encode(), value, headers(correlation_id, version))


def headers(correlation_id: str, version: int) -> tuple[tuple[str, bytes], ...]:
    """The headers of every record."""
    return (("correlation_id", correlation_id.encode()), ("version", b"%d" % version))
