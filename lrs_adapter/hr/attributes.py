"""What an HR feed says of employees besides their identifiers, as records that are dated twice.

Reads: rows of a feed.
Writes: `hr.attributes`.
Key: person.
State: none.
Guarantee: `publish_attributes` returns once every record is acknowledged by all in-sync replicas. Names,
addresses and employee ids do not leave this module: people and managers are pseudonyms.
On failure: `UnavailableError`; some records may be there already, and writing all of them again is harmless.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from lrs_adapter.hr.links import Provenance
from lrs_adapter.hr.rows import Row, days
from lrs_adapter.log.producer import publish
from lrs_adapter.log.record import Record
from schemas import codec
from schemas.headers import headers
from schemas.persona import person_id
from schemas.topics import HR_ATTRIBUTES, partition_for

Attributes = dict[str, Any]
"""A value of `hr.attributes`."""


def attributes(rows: Iterable[Row], said: Provenance, day: int) -> tuple[Attributes, ...]:
    """What faultless rows say from UTC day `day` on (days since 1970-01-01)."""
    return tuple(_attributes(row, said, day) for row in rows)


def changed(said: Iterable[Attributes], known: Mapping[str, Attributes]) -> tuple[Attributes, ...]:
    """What says something else than is known of the same person."""
    return tuple(one for one in said if _content(one) != _content(known.get(one["person_id"], {})))


def _content(value: Attributes) -> list[Any]:
    return [value.get(name) for name in ("job_role", "manager_id", "status", "hire_date", "end_date")]


def _attributes(row: Row, said: Provenance, day: int) -> Attributes:
    manager = row.cell("manager_id")
    return {
        "person_id": person_id(said.tenant_key, row.employee_id),
        "valid_from": day,
        "job_role": row.cell("job_role"),
        "manager_id": person_id(said.tenant_key, manager) if manager else "",
        "status": row.cell("status"),
        "hire_date": _day(row.cell("hire_date")),
        "end_date": _day(row.cell("end_date")),
        "source": said.source,
        "recorded_at": said.recorded_at_us,
        "correlation_id": said.correlation_id,
    }


def _day(written: str) -> int | None:
    return days(written) if written else None


async def publish_attributes(
    bootstrap_servers: str, values: Sequence[Attributes], *, partitions: int, idempotent: bool = True
) -> int:
    """Append records; returns how many. `partitions` is the topic's partition count."""
    records = [attributes_record(value, partitions) for value in values]
    await publish(bootstrap_servers, records, idempotent=idempotent)
    return len(values)


def attributes_record(value: Attributes, partitions: int) -> Record:
    """The attributes as a record, in the partition of their person."""
    person = value["person_id"]
    told = headers(HR_ATTRIBUTES, value["correlation_id"])
    home = partition_for(person, partitions)
    return Record(home, person.encode(), codec.encode(HR_ATTRIBUTES, value), told, HR_ATTRIBUTES.name)
