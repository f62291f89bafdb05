"""`hr.attributes` → `hr_attributes`: what HR systems said, whole."""

from collections.abc import Iterable

from sinks.columns import DAY, OPTIONAL_DAY, STRING, TIME, VERSION, WORD, column
from sinks.records import Record
from sinks.table import Fields, Table


def _fields(record: Record) -> Iterable[Fields]:
    return ({**(record.value or {}), "version": record.raw.version},)


HR_ATTRIBUTES_TABLE = Table(
    "hr_attributes",
    (
        column("person_id", STRING),
        column("valid_from", DAY),
        column("job_role", WORD),
        column("manager_id", STRING),
        column("status", WORD),
        column("hire_date", OPTIONAL_DAY),
        column("end_date", OPTIONAL_DAY),
        column("source", WORD),
        column("recorded_at", TIME),
        column("correlation_id", STRING),
        column("version", VERSION),
    ),
    _fields,
)
