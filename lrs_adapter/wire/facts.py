"""What is told about a request in its log line and metrics: counts and names, no personal data."""

import re
from dataclasses import dataclass
from typing import Final
from uuid import uuid4

from starlette.requests import Request

CORRELATION_HEADER: Final = "x-correlation-id"

_USABLE = re.compile(r"[A-Za-z0-9._-]{8,64}")


@dataclass(slots=True)
class Facts:
    """Filled in on the way through a request. `version` is the one that the sender names, if it does."""

    correlation_id: str
    version: str | None = None
    credential: str = ""
    statements: int = 0
    dead_letters: int = 0
    reason: str = ""


def correlation_id(given: str | None) -> str:
    """The sender's correlation id where it is usable, else a new one."""
    return given if given and _USABLE.fullmatch(given) else uuid4().hex


def facts_of(request: Request) -> Facts:
    """The facts of the current request."""
    facts: Facts = request.state.facts
    return facts
