"""A credential, a delivery and statements for tests of the receiver's pure parts."""

import json
from collections.abc import AsyncIterator, Mapping
from types import MappingProxyType
from typing import Any, Literal

from lrs_adapter.access.credentials import Credential, RateLimit, Scope
from lrs_adapter.statements.delivery import Delivery
from lrs_adapter.statements.versions import HEADER
from lrs_adapter.wire.asked import Asked
from lrs_adapter.wire.facts import Facts
from schemas.mounts import Mount

ID = "fd41c918-b88b-4b20-a0a5-a4c32391aaa0"
OTHER_ID = "0d41c918-b88b-4b20-a0a5-a4c32391aaaf"
HASH = (
    "scrypt$10$8$1$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=$NyJd8gBsRI6C0MOzEYl0S/HUWjtdtVDKzCgDQhPeX/M="
)
STATEMENT: dict[str, Any] = {
    "actor": {"mbox": "mailto:ana@example.com"},
    "verb": {"id": "http://adlnet.gov/expapi/verbs/completed"},
    "object": {"id": "https://learn.example.com/course/1"},
}
VOID: dict[str, Any] = {
    "actor": {"mbox": "mailto:admin@example.com"},
    "verb": {"id": "http://adlnet.gov/expapi/verbs/voided"},
    "object": {"objectType": "StatementRef", "id": OTHER_ID.upper()},
}

BOTH = Mount("/xapi")
ONE = Mount("/one", ("1.0",))
TWO = Mount("/two", ("2.0",))


def credential(
    *scopes: Scope,
    mode: Literal["strict", "lenient"] = "strict",
    accept_good: bool = False,
    rate_limit: RateLimit | None = None,
) -> Credential:
    """A sender with these rights."""
    return Credential(
        name="lms",
        key="lms-key",
        secret=HASH,
        scopes=frozenset(scopes or ("all",)),
        mode=mode,
        accept_good=accept_good,
        rate_limit=rate_limit,
    )


def asked(
    method: str = "POST",
    headers: Mapping[str, str] = MappingProxyType({}),
    parameters: Mapping[str, str] = MappingProxyType({}),
    body: bytes = b"",
    mount: Mount = BOTH,
) -> Asked:
    """A request as it comes in."""
    facts = Facts("correlation-1", headers.get(HEADER))
    return Asked(method, mount, headers, parameters, _stream(body), facts)


async def _stream(body: bytes) -> AsyncIterator[bytes]:
    yield body


def delivery(
    method: Literal["POST", "PUT"] = "POST",
    statement_id: str | None = None,
    sender: Credential | None = None,
    boundary: str = "",
) -> Delivery:
    """A request that has passed everything but its body."""
    return Delivery(method, sender or credential(), "1.0.3", "correlation-1", statement_id, boundary)


def body(*statements: object) -> bytes:
    """An array of statements as JSON."""
    return json.dumps(statements).encode()
