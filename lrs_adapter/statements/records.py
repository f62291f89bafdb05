"""From a kept statement to its records in the log."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from lrs_adapter.log.record import Record
from lrs_adapter.statements.batch import Kept
from schemas.codec import encode
from schemas.headers import Headers, headers
from schemas.persona import canonical_key, persona_id
from schemas.topics import STATEMENTS, partition_for


@dataclass(frozen=True, slots=True)
class Stamp:
    """What is known of a statement's arrival. Times in microseconds since the epoch.

    `source` is how it came, `credential` the name of who sent it, `correlation_id` follows the delivery,
    `traceparent` is the trace context of the request that it came with, empty without one.
    """

    source: Literal["http", "import", "pull"]
    credential: str
    xapi_version: str
    correlation_id: str
    received_at: int
    stored_at: int
    tenant_key: bytes
    partitions: int
    traceparent: str = ""


def records(statement: Kept, stamp: Stamp) -> Iterator[Record]:
    """The statement's record, and for a void a copy to every other partition.

    Keyed by the persona of the actor; an actor that identifies nobody has none, and its statement is spread
    by its own id. Only the partition that holds a void's target can apply it, so all of them get it.
    """
    persona = _persona(statement, stamp.tenant_key)
    key = persona or statement.id.lower()
    home = partition_for(key, stamp.partitions)
    value = _value(statement, persona, stamp)
    yield _record(home, key, value, stamp)
    if statement.voids:
        copy = {**value, "copy": True}
        for partition in range(stamp.partitions):
            if partition != home:
                yield _record(partition, key, copy, stamp)


def _persona(statement: Kept, tenant_key: bytes) -> str:
    key = canonical_key(statement.value["actor"])
    return "" if key is None else persona_id(tenant_key, key)


def _value(statement: Kept, persona: str, stamp: Stamp) -> dict[str, Any]:
    return {
        "statement_id": statement.id.lower(),
        "persona_id": persona,
        "statement": statement.raw,
        "received_at": stamp.received_at,
        "stored_at": stamp.stored_at,
        "credential": stamp.credential,
        "source": stamp.source,
        "xapi_version": stamp.xapi_version,
        "correlation_id": stamp.correlation_id,
        "voids": statement.voids,
        "copy": False,
        "digest": statement.digest,
    }


def _record(partition: int, key: str, value: dict[str, Any], stamp: Stamp) -> Record:
    told = _headers(stamp.correlation_id, stamp.traceparent)
    return Record(partition, key.encode(), encode(STATEMENTS, value), told)


@lru_cache(maxsize=64)
def _headers(correlation_id: str, traceparent: str) -> Headers:
    """The same for all statements of a delivery."""
    return headers(STATEMENTS, correlation_id, traceparent=traceparent.encode())
