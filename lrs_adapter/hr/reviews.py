"""Claims about identity that wait until somebody has looked at them, as records of `identity.audit`."""

from lrs_adapter.hr.link_log import Link
from lrs_adapter.log.record import Record
from schemas import codec
from schemas.headers import headers
from schemas.topics import AUDIT, partition_for

TOO_MANY, SUB_ADDRESS = "too_many", "sub_address"


def review_record(link: Link, why: str, partitions: int) -> Record:
    """The review of a link that is not written. Asked for again, it is the same review."""
    persona = link["persona_id"]
    value = {
        "kind": "review",
        "persona_id": persona,
        "person_id": link["person_id"],
        "other_person_id": "",
        "rule": link["rule"],
        "other_rule": why,
        "source": link["source"],
        "version": 0,
        "correlation_id": link["correlation_id"],
    }
    told = headers(AUDIT, link["correlation_id"], version=0)
    place = partition_for(persona, partitions)
    return Record(place, persona.encode(), codec.encode(AUDIT, value), told, AUDIT.name)
