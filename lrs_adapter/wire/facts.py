"""What is told about a request in its log line and metrics: counts and names, no personal data."""

import os
import re
from dataclasses import dataclass
from typing import Final
from uuid import uuid4

from starlette.datastructures import Headers
from starlette.requests import Request

from schemas import trace_context

CORRELATION_HEADER: Final = "x-correlation-id"
_REQUEST_ID: Final = "x-request-id"

_USABLE = re.compile(r"[A-Za-z0-9._-]{8,64}")


@dataclass(slots=True)
class Facts:
    """Filled in on the way through a request. `version` is the one that the sender names, if it does.

    `correlation_id` and `traceparent` go into the headers of the records that the request becomes.
    """

    correlation_id: str
    version: str | None = None
    credential: str = ""
    statements: int = 0
    dead_letters: int = 0
    reason: str = ""
    traceparent: str = ""


def correlation_id(headers: Headers) -> str:
    """The sender's correlation id, or its id of the request, where it is usable; else a new one."""
    given = (headers.get(name, "") for name in (CORRELATION_HEADER, _REQUEST_ID))
    return next(filter(_USABLE.fullmatch, given), None) or uuid4().hex


def traceparent(headers: Headers) -> str:
    """The sender's trace context where it is valid, else the start of a trace."""
    return given_traceparent(headers) or trace_context.made(os.urandom(24))


def given_traceparent(headers: Headers) -> str | None:
    """The sender's trace context, where it is valid."""
    return trace_context.parsed(headers.get(trace_context.TRACEPARENT_HEADER))


def facts_of(request: Request) -> Facts:
    """The facts of the current request."""
    facts: Facts = request.state.facts
    return facts
