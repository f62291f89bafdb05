"""Refusals as values, and how they look on the wire: `application/problem+json` (RFC 9457)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil
from typing import Any

from schemas.outcomes import Fault
from schemas.xapi.faults import excerpt
from schemas.xapi.spec import STATEMENT_ID

MEDIA_TYPE = "application/problem+json"
FAULTS_SHOWN = 100


@dataclass(frozen=True, slots=True)
class StatementFault:
    """A fault and the statement that has it: its index in the request, from 0."""

    statement: int
    fault: Fault


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a request is refused.

    `code` is the stable name that senders' programs and our metrics use; `retry_after_s` is set where
    sending the same again may succeed, in seconds. `credential` names the one concerned, for the log alone.
    """

    status: int
    code: str
    title: str
    detail: str
    faults: tuple[StatementFault, ...] = ()
    retry_after_s: float | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    credential: str = ""


def bad_request(code: str, detail: str) -> Problem:
    """400 for something that is wrong with the request as a whole."""
    return Problem(400, code, "The request is not what the specification allows.", detail)


def invalid_statements(faults: tuple[StatementFault, ...]) -> Problem:
    """400 for statements that are not valid; none of the batch is kept."""
    wrong = sorted({found.statement for found in faults})
    which = ", ".join(str(index) for index in wrong[:10]) + (", …" if len(wrong) > 10 else "")
    detail = f"{len(faults)} fault(s) in statement(s) {which}, counted from 0. Nothing was kept."
    return Problem(400, "invalid-statement", "A statement is not valid.", detail, faults)


def conflict(ids: Sequence[tuple[int, str]]) -> Problem:
    """409 for ids that were used before, each with the index of its statement; none of the batch is kept."""
    listed = ", ".join(statement_id for _, statement_id in ids[:10]) + (", …" if len(ids) > 10 else "")
    detail = f"Accepted before with other content: {listed}. Nothing was kept."
    message = "is the id of another statement"
    faults = tuple(
        StatementFault(index, Fault("/id", message, excerpt(statement_id), STATEMENT_ID))
        for index, statement_id in ids
    )
    return Problem(409, "conflict", "A statement's id is already in use.", detail, faults)


def too_large(detail: str) -> Problem:
    """413."""
    return Problem(413, "too-large", "The request is too large.", detail)


def unauthenticated(detail: str, challenge: str, credential: str = "") -> Problem:
    """401; `challenge` says how to authenticate, `credential` is the one that was tried, if it is known."""
    headers = {"www-authenticate": challenge}
    return Problem(401, "unauthenticated", "Who is sending?", detail, headers=headers, credential=credential)


def unavailable(code: str, detail: str, retry_after_s: float) -> Problem:
    """503: nothing is wrong with the request, and sending it again is safe."""
    return Problem(503, code, "The log cannot take the statements now.", detail, retry_after_s=retry_after_s)


def problem_body(problem: Problem, correlation_id: str) -> dict[str, Any]:
    """The JSON object that the sender reads; at most `FAULTS_SHOWN` faults, and how many there are."""
    body: dict[str, Any] = {
        "type": f"urn:readystream:problem:{problem.code}",
        "title": problem.title,
        "status": problem.status,
        "detail": problem.detail,
        "correlation_id": correlation_id,
    }
    if problem.faults:
        body["fault_count"] = len(problem.faults)
        body["faults"] = [_fault(found) for found in problem.faults[:FAULTS_SHOWN]]
    return body


def problem_headers(problem: Problem) -> dict[str, str]:
    """Response headers; `Retry-After` is in whole seconds, at least one."""
    headers = {"content-type": MEDIA_TYPE, **problem.headers}
    if problem.retry_after_s is not None:
        headers["retry-after"] = str(max(1, ceil(problem.retry_after_s)))
    return headers


def _fault(found: StatementFault) -> dict[str, Any]:
    return {
        "statement": found.statement,
        "pointer": found.fault.pointer,
        "message": found.fault.message,
        "value": found.fault.excerpt,
        "section": found.fault.section,
    }
