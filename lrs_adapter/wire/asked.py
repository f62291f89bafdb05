"""A request, apart from how it was put on the wire."""

from collections.abc import AsyncIterable, Mapping
from dataclasses import dataclass

from starlette.requests import Request

from lrs_adapter.wire.facts import Facts, facts_of
from schemas.mounts import Mount


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of the statement resource below `mount`; names of headers are lower-case."""

    method: str
    mount: Mount
    headers: Mapping[str, str]
    parameters: Mapping[str, str]
    body: AsyncIterable[bytes]
    facts: Facts


def asked_of(request: Request, mount: Mount) -> Asked:
    """The request as it came."""
    return Asked(
        request.method, mount, request.headers, request.query_params, request.stream(), facts_of(request)
    )
