"""What a request says about itself before its body is read: version, types, parameters, rights."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from lrs_adapter.access.credentials import Credential, Scope
from lrs_adapter.statements.versions import HEADER, negotiate
from lrs_adapter.wire.asked import Asked
from lrs_adapter.wire.multipart import boundary_of
from lrs_adapter.wire.problems import Problem, bad_request
from schemas.mounts import Mount
from schemas.xapi.uuids import UUID_PATTERN

Method = Literal["POST", "PUT"]

_UUID = re.compile(UUID_PATTERN)
_JSON = "application/json"
_MIXED = "multipart/mixed"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One request to store statements.

    `statement_id` is the parameter of a PUT, lower-case; `boundary` that of a `multipart/mixed` body, empty
    for `application/json`.
    """

    method: Method
    credential: Credential
    version: str
    correlation_id: str
    statement_id: str | None = None
    boundary: str = ""
    traceparent: str = ""


def delivery_of(asked: Asked, credential: Credential) -> Delivery | Problem:
    """Judge everything but the body."""
    headers, parameters = asked.headers, asked.parameters
    refused = barred(credential, asked.mount, "statements/write")
    if refused is not None:
        return refused
    version = negotiate(headers.get(HEADER), credential, asked.mount)
    if isinstance(version, Problem):
        return version
    boundary = _boundary(headers, credential)
    if isinstance(boundary, Problem):
        return boundary
    method: Method = "PUT" if asked.method == "PUT" else "POST"
    statement_id = _statement_id(method, parameters, credential)
    if isinstance(statement_id, Problem):
        return statement_id
    correlation_id, traceparent = asked.facts.correlation_id, asked.facts.traceparent
    return Delivery(method, credential, version, correlation_id, statement_id, boundary, traceparent)


def is_uuid(text: str) -> bool:
    """Whether `text` is a UUID as the specifications write them."""
    return _UUID.fullmatch(text) is not None


def barred(credential: Credential, mount: Mount, scope: Scope) -> Problem | None:
    """403 for a credential that may not use the mount, or not for this."""
    if not credential.may_use(mount):
        detail = f"It is not for {mount.prefix}."
        return Problem(403, "forbidden-mount", "The credential may not be used here.", detail)
    return None if credential.may(scope) else forbidden(scope)


def forbidden(scope: str) -> Problem:
    """403 for a credential without the right."""
    return Problem(403, "forbidden", "The credential may not do this.", f"The scope {scope} is needed.")


def _boundary(headers: Mapping[str, str], credential: Credential) -> str | Problem:
    """The boundary of the body's parts; empty if the body is JSON."""
    if headers.get("content-encoding", "identity").lower() != "identity":
        return _UNDECODED
    content_type = headers.get("content-type", "")
    media_type, _, rest = content_type.partition(";")
    named = media_type.strip().lower()
    if named == _MIXED:
        return boundary_of(content_type) or _wrong_type(
            "multipart/mixed needs a boundary of 1 to 70 characters."
        )
    if named != _JSON and (named or credential.mode == "strict"):
        return _wrong_type(f"{named or 'No content type'} is not supported. Supported: {_JSON}, {_MIXED}.")
    if "charset" in rest.lower() and "utf-8" not in rest.lower().replace("utf8", "utf-8"):
        return _wrong_type("Only UTF-8 is supported.")
    return ""


def _wrong_type(detail: str) -> Problem:
    """400, not 415: so the specification has it, and some senders give up at any other code."""
    return bad_request("content-type", detail)


_UNDECODED = Problem(
    415,
    "content-coding",
    "The body's coding is not supported.",
    "Content codings are not supported: send the body as it is.",
)


def _statement_id(
    method: Method, parameters: Mapping[str, str], credential: Credential
) -> str | Problem | None:
    """The parameter of a PUT, lower-case; only lenient senders may leave it out."""
    known = {"statementId"} if method == "PUT" else set()
    unknown = sorted(set(parameters) - known)
    if unknown:
        return bad_request("parameter", f"Unknown parameter(s) for {method}: {', '.join(unknown)[:200]}.")
    statement_id = parameters.get("statementId")
    if statement_id is None:
        if method == "PUT" and credential.mode == "strict":
            return bad_request("statement-id", "PUT needs the parameter statementId.")
        return None
    if not is_uuid(statement_id):
        return bad_request("statement-id", "The parameter statementId must be a UUID.")
    return statement_id.lower()
