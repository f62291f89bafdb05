"""Bad statements of a sender that never sends again, as records of `dead.letters`."""

from typing import Final

from lrs_adapter.log.record import Record
from lrs_adapter.statements.batch import Bad
from lrs_adapter.statements.delivery import Delivery
from schemas.dead_letter import DeadLetter
from schemas.headers import headers
from schemas.outcomes import Fault
from schemas.topics import DEAD_LETTERS

WHERE: Final = "adapter"
_FAULTS_TOLD = 10


def dead_letter(statement: Bad, delivery: Delivery, failed_at: int) -> Record:
    """The letter under the statement's id, with its bytes as received.

    It has no coordinates, for it never was in a topic. The detail names places and rules, not values.
    `failed_at` is in microseconds since the epoch.
    """
    key = statement.id.lower().encode()
    letter = DeadLetter(
        reason=statement.reason,
        where=WHERE,
        detail="; ".join(_told(fault) for fault in statement.faults[:_FAULTS_TOLD]),
        key=key,
        value=statement.raw,
        failed_at=failed_at,
        correlation_id=delivery.correlation_id,
        credential=delivery.credential.name,
    )
    told = headers(DEAD_LETTERS, delivery.correlation_id, traceparent=delivery.traceparent.encode())
    return Record(None, key, letter.encode(), told, DEAD_LETTERS.name)


def _told(fault: Fault) -> str:
    return f"{fault.pointer} {fault.message}".strip()
