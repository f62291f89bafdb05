"""What a request says about itself before its body is read: version, types, parameters, rights."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from lrs_adapter.credentials import Credential
from lrs_adapter.problems import Problem, bad_request
from lrs_adapter.versions import HEADER, negotiate
from schemas.xapi.uuids import UUID_PATTERN

Method = Literal["POST", "PUT"]

_UUID = re.compile(UUID_PATTERN)
_JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One request to store statements. `statement_id` is the parameter of a PUT, lower-case."""

    method: Method
    credential: Credential
    version: str
    correlation_id: str
    statement_id: str | None = None


def delivery_of(
    method: Method,
    headers: Mapping[str, str],
    parameters: Mapping[str, str],
    credential: Credential,
    correlation_id: str,
) -> Delivery | Problem:
    """Judge everything but the body."""
    if not credential.may("statements/write"):
        return forbidden("statements/write")
    version = negotiate(headers.get(HEADER), credential)
    if isinstance(version, Problem):
        return version
    refused = _wrong_type(headers, credential) or _unknown_parameters(method, parameters)
    if refused is not None:
        return refused
    statement_id = parameters.get("statementId")
    if statement_id is None:
        return _without_id(method, credential, version, correlation_id)
    if not _UUID.fullmatch(statement_id):
        return bad_request("statement-id", "The parameter statementId must be a UUID.")
    return Delivery(method, credential, version, correlation_id, statement_id.lower())


def forbidden(scope: str) -> Problem:
    """403 for a credential without the right."""
    return Problem(403, "forbidden", "The credential may not do this.", f"The scope {scope} is needed.")


def _without_id(
    method: Method, credential: Credential, version: str, correlation_id: str
) -> Delivery | Problem:
    if method == "PUT" and credential.mode == "strict":
        return bad_request("statement-id", "PUT needs the parameter statementId.")
    return Delivery(method, credential, version, correlation_id)


def _wrong_type(headers: Mapping[str, str], credential: Credential) -> Problem | None:
    media_type, _, rest = headers.get("content-type", "").partition(";")
    named = media_type.strip().lower()
    if not named and credential.mode == "lenient":
        return None
    if named != _JSON:
        return _unsupported(f"{named or 'No content type'} is not supported. Supported: {_JSON}.")
    if "charset" in rest.lower() and "utf-8" not in rest.lower().replace("utf8", "utf-8"):
        return _unsupported("Only UTF-8 is supported.")
    if headers.get("content-encoding", "identity").lower() != "identity":
        return _unsupported("Content codings are not supported: send the body as it is.")
    return None


def _unsupported(detail: str) -> Problem:
    return Problem(415, "unsupported-media-type", "The body's type is not supported.", detail)


def _unknown_parameters(method: Method, parameters: Mapping[str, str]) -> Problem | None:
    known = {"statementId"} if method == "PUT" else set()
    unknown = sorted(set(parameters) - known)
    if not unknown:
        return None
    return bad_request("parameter", f"Unknown parameter(s) for {method}: {', '.join(unknown)[:200]}.")
