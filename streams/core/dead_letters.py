"""Records that could not be processed, as records of `dead.letters`: whole, with the reason."""

from schemas import codec
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
) -> Output:
    """The dead letter of `record`. The same record gives the same key, so a replay adds no second one."""
    correlation_id = dict(record.headers).get("correlation_id", b"").decode(errors="replace")
    value = codec.encode(
        DEAD_LETTERS,
        {
            "reason": reason,
            "where": where,
            "detail": detail,
            "topic": origin.topic,
            "partition": origin.partition,
            "offset": origin.offset,
            "epoch": origin.epoch,
            "key": record.key or b"",
            "value": record.value or b"",
            "attempt": 1,
            "failed_at": failed_at_us,
            "correlation_id": correlation_id,
        },
    )
    key = f"{origin.topic}|{origin.partition}|{origin.offset}"
    return output(DEAD_LETTERS, key, value, partitions, origin.version, correlation_id)
