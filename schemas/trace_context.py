"""W3C trace context, level 1 (https://www.w3.org/TR/trace-context/): the `traceparent` of a request."""

import re
from typing import Final

TRACEPARENT_HEADER: Final = "traceparent"

_FIELDS = re.compile(r"([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?")
_OURS: Final = "00"


def parsed(traceparent: str | None) -> str | None:
    """`traceparent` as of version 00, or None if it is not valid (section 3.2.2).

    Of a later version the fields that we know count (section 3.2.3), of its flags the one for sampled.
    """
    fields = _FIELDS.fullmatch(traceparent or "")
    if fields is None:
        return None
    version, trace_id, parent_id, flags, rest = fields.groups()
    if version == "ff" or not (trace_id.strip("0") and parent_id.strip("0")):
        return None
    if version == _OURS:
        return None if rest else traceparent
    return f"{_OURS}-{trace_id}-{parent_id}-{int(flags, 16) & 1:02x}"


def made(noise: bytes) -> str:
    """The start of a trace that nobody samples yet, of 24 random bytes."""
    return f"{_OURS}-{noise[:16].hex()}-{noise[16:24].hex()}-00"
