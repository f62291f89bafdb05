"""`hr.attributes` → `hr_attributes`: what HR systems said, whole."""

from schemas.topics import HR_ATTRIBUTES
from sinks.columns import DAY, OPTIONAL_DAY, PLACE_VERSION, STRING, TIME, WORD, column
from sinks.table import Table

HR_ATTRIBUTES_TABLE = Table(
    HR_ATTRIBUTES,
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
        PLACE_VERSION,
    ),
)
