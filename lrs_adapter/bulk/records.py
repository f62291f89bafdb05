"""From judged statements and refused rows to records of `xapi.statements` and `dead.letters`."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from lrs_adapter.bulk.judge import Judged
from lrs_adapter.bulk.texts import MAX_ROW_BYTES
from lrs_adapter.log.record import Record
from lrs_adapter.statements.batch import Kept
from lrs_adapter.statements.records import Stamp, records
from schemas.codec import encode
from schemas.dead_letter import DeadLetter
from schemas.headers import headers
from schemas.outcomes import Rejected
from schemas.topics import DEAD_LETTERS, Topic, partition_for
from schemas.xapi import parse_timestamp

_MOST_FAULTS = 10
_LONGEST_DETAIL = 2000


@dataclass(frozen=True, slots=True)
class Arrival:
    """How statements came. `credential` is the name under which the skill map knows how far to trust them.

    `correlation_id` and `traceparent` follow the delivery; `now_us` is in microseconds since the epoch.
    """

    source: Literal["import", "pull"]
    credential: str
    correlation_id: str
    tenant_key: bytes
    partitions: int
    now_us: int
    traceparent: str


def statement_records(judged: Judged, arrival: Arrival) -> Iterator[Record]:
    """The statement's record, and for a void a copy to every other partition, as the receiver does it."""
    stamp = Stamp(
        source=arrival.source,
        credential=arrival.credential,
        xapi_version=judged.version,
        correlation_id=arrival.correlation_id,
        received_at=arrival.now_us,
        stored_at=stored_at(judged.kept, arrival.now_us),
        tenant_key=arrival.tenant_key,
        partitions=arrival.partitions,
        traceparent=arrival.traceparent,
    )
    return records(judged.kept, stamp)


def stored_at(kept: Kept, now_us: int) -> int:
    """Now, as for every statement that we take; but for one without a timestamp, when its LRS stored it.

    Such a statement happened when it was stored first, not when an archive was read.
    """
    text = None if "timestamp" in kept.value else kept.value.get("stored")
    stored = parse_timestamp(text) if text else now_us
    return stored if 0 < stored < now_us else now_us


def dead_letter(rejected: Rejected, *, place: str, row: int, raw: bytes, arrival: Arrival) -> Record:
    """The dead letter of a row of `place`: whole, with every fault's place and message but no value.

    The same row of the same file gives the same letter, so that another try adds no second one.
    """
    said = "; ".join(f"{fault.pointer or 'row'}: {fault.message}" for fault in rejected.faults[:_MOST_FAULTS])
    key = f"{place}|{row}"
    letter = DeadLetter(
        reason="invalid",
        where=arrival.source,
        detail=f"{place}, row {row}: {said}"[:_LONGEST_DETAIL],
        offset=row,
        key=key.encode(),
        value=raw[:MAX_ROW_BYTES],
        failed_at=arrival.now_us,
        correlation_id=arrival.correlation_id,
        credential=arrival.credential,
    )
    home = partition_for(key, arrival.partitions)
    told = headers(DEAD_LETTERS, arrival.correlation_id, traceparent=arrival.traceparent.encode())
    return Record(home, key.encode(), letter.encode(), told, DEAD_LETTERS.name)


def record(topic: Topic, partition: int, key: str, value: Mapping[str, Any], correlation_id: str) -> Record:
    """A record of `topic`."""
    return Record(partition, key.encode(), encode(topic, value), headers(topic, correlation_id), topic.name)
