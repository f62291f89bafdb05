"""UUIDs in their standard string form (RFC 4122), any version, any letter case.

IEEE 9274.1.1 4.2.7, xAPI 1.0.3 Data 4.4.
"""

from typing import Annotated

from schemas.xapi import spec
from schemas.xapi.text import Text

UUID_PATTERN = "[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"

Uuid = Annotated[str, Text(UUID_PATTERN, "must be a UUID in its standard form (RFC 4122)", spec.UUID, "uuid")]
