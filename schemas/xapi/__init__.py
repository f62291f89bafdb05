"""xAPI statements: one module per noun of the specification, and `validate_statement` over them all.

Sources: IEEE 9274.1.1 (xAPI 2.0) and xAPI 1.0.3; each module names its sections.
"""

from schemas.xapi.duration import Duration, parse_duration
from schemas.xapi.object_rules import is_voiding
from schemas.xapi.timestamp import parse_timestamp
from schemas.xapi.validate import statement_json_schema, validate_statement

__all__ = [
    "Duration",
    "is_voiding",
    "parse_duration",
    "parse_timestamp",
    "statement_json_schema",
    "validate_statement",
]
