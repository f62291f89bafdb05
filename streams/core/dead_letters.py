"""Records that could not be processed, as records of `dead.letters`: whole, with the reason."""

from schemas.dead_letter import DeadLetter, attempt_of
from schemas.headers import CORRELATION_ID, TRACEPARENT
from schemas.origin import Origin
from schemas.topics import DEAD_LETTERS
from streams.core.outputs import output
from streams.records import Output, Record


def dead_letter(
    record: Record,
    origin: Origin,
    *,
    reason: str,
    where: str,
    detail: str,
    failed_at_us: int,
    partitions: int,
    credential: str = "",
) -> Output:
    """The dead letter of `record`: the same record gives the same letter. `credential` says who sent it."""
    told = dict(record.headers)
    letter = DeadLetter(
        reason=reason,
        where=where,
        detail=detail,
        topic=origin.topic,
        partition=origin.partition,
        offset=origin.offset,
        epoch=origin.epoch,
        key=record.key or b"",
        value=record.value or b"",
        attempt=attempt_of(told),
        failed_at=failed_at_us,
        correlation_id=told.get(CORRELATION_ID, b"").decode(errors="replace"),
        credential=credential,
    )
    key = f"{origin.topic}|{origin.partition}|{origin.offset}"
    cause = letter.correlation_id, told.get(TRACEPARENT, b"")
    return output(DEAD_LETTERS, key, letter.encode(), partitions, origin.version, *cause)
