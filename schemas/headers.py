"""The headers of the records that we write: what a reader can know before it looks into the value.

`correlation_id` names the delivery that caused the record, `version` orders upserts of one key (decimal),
`traceparent` is the W3C trace context of the request (https://www.w3.org/TR/trace-context/), `content-type`
and `schema_version` say how to read the value and are missing where there is none.
"""

from functools import lru_cache
from typing import Final

from schemas.avro_schemas import schema_version
from schemas.topics import Topic

CORRELATION_ID: Final = "correlation_id"
VERSION: Final = "version"
TRACEPARENT: Final = "traceparent"
CONTENT_TYPE: Final = "content-type"
SCHEMA_VERSION: Final = "schema_version"

AVRO: Final = b"application/avro"

Headers = tuple[tuple[str, bytes], ...]


def headers(
    topic: Topic, correlation_id: str, *, version: int | None = None, traceparent: bytes = b""
) -> Headers:
    """The headers of a record of `topic` that has a value."""
    return told(correlation_id, version=version, traceparent=traceparent) + _of_value(topic.name)


def told(correlation_id: str, *, version: int | None = None, traceparent: bytes = b"") -> Headers:
    """The headers that say why a record was written: all that a tombstone has."""
    said: Headers = ((CORRELATION_ID, correlation_id.encode()),)
    if version is not None:
        said += ((VERSION, b"%d" % version),)
    return (*said, (TRACEPARENT, traceparent)) if traceparent else said


def traceparent_of(said: Headers) -> bytes:
    """The trace context among the headers of a record, or nothing."""
    for name, value in said:
        if name == TRACEPARENT:
            return value
    return b""


@lru_cache
def _of_value(topic_name: str) -> Headers:
    return (CONTENT_TYPE, AVRO), (SCHEMA_VERSION, schema_version(topic_name).encode())
