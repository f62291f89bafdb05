"""From a request's body to what becomes of its statements.

All of them are kept, or none and every reason why. Only of senders with `accept_good`, which never send
again, the good ones are kept and the bad ones go to the dead letters. Pure: no clock, no network.
IEEE 9274.1.1 4.1.6.1, xAPI 1.0.3 Communication 2.1.1, 2.1.2 and 3.2.
"""

from collections.abc import Iterator, Mapping, Sequence
from uuid import uuid4

from lrs_adapter.attachments.checks import attachment_faults, stray_data
from lrs_adapter.statements.batch import Bad, Batch, Kept, Reason
from lrs_adapter.statements.content import Content, read_content
from lrs_adapter.statements.delivery import Delivery, forbidden, is_uuid
from lrs_adapter.wire.json_text import Malformed, Received, is_array, parse, split, with_id
from lrs_adapter.wire.problems import Problem, StatementFault, bad_request, invalid_statements, too_large
from schemas.outcomes import Fault, Rejected
from schemas.xapi import is_voiding, validate_statement
from schemas.xapi.faults import excerpt
from schemas.xapi.spec import STATEMENT_ID, VOIDING

_NO_VOIDS = Fault("/verb/id", "needs the scope statements/void", section=VOIDING)

Elements = Sequence[Received | Malformed]


def read_batch(body: bytes, delivery: Delivery, limit: int) -> Batch | Problem:
    """Judge the body: what to keep, or the reason to refuse the request. `limit` counts statements."""
    content = read_content(body, delivery.boundary)
    if isinstance(content, Problem):
        return content
    if delivery.method == "PUT" and is_array(content.text):
        return bad_request("single-statement", "PUT takes one statement, not an array.")
    texts = split(content.text)
    if isinstance(texts, Malformed):
        return _malformed(texts.detail)
    if len(texts) > limit:
        return too_large(f"A request may carry {limit} statements at most, not {len(texts)}.")
    return _judged(texts, content, delivery)


def _judged(texts: Sequence[bytes], content: Content, delivery: Delivery) -> Batch | Problem:
    elements = [parse(text) for text in texts]
    if not is_array(content.text) and isinstance(elements[0], Malformed):
        return _malformed(elements[0].detail)
    repeated = dict(_repeated_ids(elements))
    entries = tuple(
        _entry(text, element, repeated.get(index), content, delivery)
        for index, (text, element) in enumerate(zip(texts, elements, strict=True))
    )
    refused = (
        (None if delivery.credential.accept_good else _refusal(entries))
        or stray_data([one.value for one in elements if isinstance(one, Received)], content.sent)
        or _put_mismatch(entries, delivery)
    )
    return refused or Batch(entries, content.sent)


def _entry(
    text: bytes, element: Received | Malformed, repeated: Fault | None, content: Content, delivery: Delivery
) -> Kept | Bad:
    if isinstance(element, Malformed):
        return Bad(_own_id(None, delivery), text, "malformed", (Fault("", element.detail),))
    faults = _faults(element, repeated, content, delivery)
    if faults:
        return _bad(element, "invalid", faults, delivery)
    if is_voiding(element.value) and not delivery.credential.may("statements/void"):
        return _bad(element, "forbidden", (_NO_VOIDS,), delivery)
    return _kept(element, delivery)


def _faults(
    element: Received, repeated: Fault | None, content: Content, delivery: Delivery
) -> tuple[Fault, ...]:
    outcome = validate_statement(element.value, delivery.version)
    if isinstance(outcome, Rejected):
        found = outcome.faults
    else:
        found = tuple(attachment_faults(element.value, content.sent))
    return found if repeated is None else (*found, repeated)


def _repeated_ids(elements: Elements) -> Iterator[tuple[int, Fault]]:
    first: dict[str, int] = {}
    for index, element in enumerate(elements):
        named = _named(element)
        if isinstance(named, str) and first.setdefault(named.lower(), index) != index:
            message = f"is also the id of statement {first[named.lower()]}"
            yield index, Fault("/id", message, excerpt(named), STATEMENT_ID)


def _named(element: Received | Malformed) -> object:
    """What stands as the statement's id, whatever it is."""
    value = element.value if isinstance(element, Received) else None
    return value.get("id") if isinstance(value, Mapping) else None


def _refusal(entries: Sequence[Kept | Bad]) -> Problem | None:
    """Why the whole request is refused: what is malformed first, then what is invalid, then rights."""
    bad = [(index, entry) for index, entry in enumerate(entries) if isinstance(entry, Bad)]
    for index, entry in bad:
        if entry.reason == "malformed":
            return _malformed(f"Statement {index}, counted from 0: {entry.faults[0].message}")
    faults = [
        StatementFault(index, fault)
        for index, entry in bad
        if entry.reason == "invalid"
        for fault in entry.faults
    ]
    if faults:
        return invalid_statements(tuple(faults))
    return forbidden("statements/void") if bad else None


def _malformed(detail: str) -> Problem:
    return bad_request("malformed-json", detail)


def _put_mismatch(entries: Sequence[Kept | Bad], delivery: Delivery) -> Problem | None:
    if delivery.method == "POST" or not isinstance(entries[0], Kept):
        return None
    named = entries[0].value.get("id")
    if named is None and delivery.statement_id is None:
        return bad_request("statement-id", "Neither the parameter statementId nor the statement names an id.")
    if named is not None and delivery.statement_id not in (None, named.lower()):
        return bad_request("statement-id", "The parameter statementId and the statement's id differ.")
    return None


def _bad(element: Received, reason: Reason, faults: tuple[Fault, ...], delivery: Delivery) -> Bad:
    return Bad(_own_id(_named(element), delivery), element.raw, reason, faults)


def _own_id(named: object, delivery: Delivery) -> str:
    """The id that a statement is known by: its own, else the parameter's, else a made one."""
    own = named if isinstance(named, str) and is_uuid(named) else None
    return own or delivery.statement_id or str(uuid4())


def _kept(element: Received, delivery: Delivery) -> Kept:
    identifier = _own_id(element.value.get("id"), delivery)
    raw = element.raw if "id" in element.value else with_id(element.raw, identifier)
    return Kept(identifier, raw, element.value)
