"""From a request's body to the statements to keep: all of them, or none and every reason why.

Pure: no clock, no network. IEEE 9274.1.1 4.1.6.1, xAPI 1.0.3 Communication 2.1.1, 2.1.2 and 3.2.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from lrs_adapter.delivery import Delivery, forbidden
from lrs_adapter.json_text import Malformed, Received, is_array, parse, split, with_id
from lrs_adapter.problems import Problem, StatementFault, bad_request, invalid_statements, too_large
from schemas.outcomes import Fault, Rejected
from schemas.xapi import is_voiding, validate_statement
from schemas.xapi.faults import excerpt
from schemas.xapi.spec import STATEMENT_ID


@dataclass(frozen=True, slots=True)
class Kept:
    """A valid statement. `id` is spelled as in `raw`; `raw` is the text as received, plus a missing id."""

    id: str
    raw: bytes
    value: dict[str, Any]

    @property
    def voids(self) -> str:
        """The id of the statement that this one voids, lower-case; empty for any other statement."""
        return str(self.value["object"]["id"]).lower() if is_voiding(self.value) else ""


def read_batch(body: bytes, delivery: Delivery, limit: int) -> tuple[Kept, ...] | Problem:
    """Judge the body: the statements in the order of the request, or the reason to refuse them all."""
    if delivery.method == "PUT" and is_array(body):
        return bad_request("single-statement", "PUT takes one statement, not an array.")
    received = _received(body, limit)
    if isinstance(received, Problem):
        return received
    faults = tuple(_faults(received, delivery))
    if faults:
        return invalid_statements(faults)
    if delivery.method == "PUT" and (mismatch := _put_mismatch(received[0], delivery)):
        return mismatch
    kept = tuple(_kept(statement, delivery) for statement in received)
    if any(statement.voids for statement in kept) and not delivery.credential.may("statements/void"):
        return forbidden("statements/void")
    return kept


def _received(body: bytes, limit: int) -> list[Received] | Problem:
    texts = split(body)
    if isinstance(texts, Malformed):
        return _malformed(texts)
    if len(texts) > limit:
        return too_large(f"A request may carry {limit} statements at most, not {len(texts)}.")
    received: list[Received] = []
    for index, text in enumerate(texts):
        parsed = parse(text)
        if isinstance(parsed, Malformed):
            return _malformed(Malformed(parsed.detail, index if is_array(body) else None))
        received.append(parsed)
    return received


def _malformed(found: Malformed) -> Problem:
    where = "" if found.index is None else f"Statement {found.index}, counted from 0: "
    return bad_request("malformed-json", f"{where}{found.detail}")


def _faults(received: Sequence[Received], delivery: Delivery) -> Iterator[StatementFault]:
    for index, statement in enumerate(received):
        outcome = validate_statement(statement.value, delivery.version)
        if isinstance(outcome, Rejected):
            yield from (StatementFault(index, fault) for fault in outcome.faults)
    yield from _repeated_ids(received)


def _repeated_ids(received: Sequence[Received]) -> Iterator[StatementFault]:
    first: dict[str, int] = {}
    for index, statement in enumerate(received):
        named = statement.value.get("id") if isinstance(statement.value, dict) else None
        if isinstance(named, str) and first.setdefault(named.lower(), index) != index:
            message = f"is also the id of statement {first[named.lower()]}"
            yield StatementFault(index, Fault("/id", message, excerpt(named), STATEMENT_ID))


def _put_mismatch(statement: Received, delivery: Delivery) -> Problem | None:
    named = statement.value.get("id")
    if named is None and delivery.statement_id is None:
        return bad_request("statement-id", "Neither the parameter statementId nor the statement names an id.")
    if named is not None and delivery.statement_id not in (None, named.lower()):
        return bad_request("statement-id", "The parameter statementId and the statement's id differ.")
    return None


def _kept(statement: Received, delivery: Delivery) -> Kept:
    named = statement.value.get("id")
    if named is not None:
        return Kept(named, statement.raw, statement.value)
    made = delivery.statement_id or str(uuid4())
    return Kept(made, with_id(statement.raw, made), statement.value)
