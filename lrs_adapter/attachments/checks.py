"""Attachments: which data came along, whether it is what the statements say, and what is missing.

Pure. IEEE 9274.1.1 4.1.3 and 4.2.2.6, xAPI 1.0.3 Communication 1.5.2 and Data 2.4.11. The SHA-2 sum ties data
to its description; `length` is not compared, since the sum says more.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from lrs_adapter.attachments.signature import signature_fault
from lrs_adapter.wire.multipart import Part
from lrs_adapter.wire.problems import Problem, bad_request
from schemas.outcomes import Fault
from schemas.xapi.faults import excerpt
from schemas.xapi.spec import ATTACHMENT

Sent = Mapping[str, bytes]
"""The data that came along, by its SHA-2 sum in lower-case hexadecimal digits."""

SIGNATURE: Final = "http://adlnet.gov/expapi/attachments/signature"
_HASH_HEADER = "x-experience-api-hash"
_ALGORITHMS = {56: hashlib.sha224, 64: hashlib.sha256, 96: hashlib.sha384, 128: hashlib.sha512}


def sent_data(parts: Sequence[Part]) -> Sent | Problem:
    """The data of the parts that follow the statements, each checked against the sum that it names."""
    sent: dict[str, bytes] = {}
    for index, part in enumerate(parts, start=1):
        wrong = _wrong_part(part)
        if wrong is not None:
            return bad_request("attachment-part", f"Part {index}, counted from 0, {wrong}.")
        sent[part.headers[_HASH_HEADER].lower()] = part.content
    return sent


def attachment_faults(statement: Mapping[str, Any], sent: Sent) -> Iterator[Fault]:
    """What is wrong with a valid statement's attachments: missing data, signatures that are none."""
    for pointer, attachment in _attachments(statement):
        data = sent.get(attachment["sha2"].lower())
        if data is None and "fileUrl" not in attachment:
            message = "names data that is neither in a part of the request nor behind a fileUrl"
            yield Fault(f"{pointer}/sha2", message, excerpt(attachment["sha2"]), ATTACHMENT)
        if attachment["usageType"] == SIGNATURE:
            yield from signature_fault(pointer, attachment["contentType"], data)


def stray_data(statements: Sequence[Any], sent: Sent) -> Problem | None:
    """Refuse data that no statement of the request describes."""
    described = {sha2.lower() for statement in statements for sha2 in _sums(statement)}
    stray = sorted(set(sent) - described)
    if not stray:
        return None
    return bad_request("attachment-part", f"No statement has an attachment with the sum {stray[0]}.")


def _wrong_part(part: Part) -> str | None:
    named = part.headers.get(_HASH_HEADER, "").lower()
    algorithm = _ALGORITHMS.get(len(named))
    if not named:
        return "has no header X-Experience-API-Hash"
    if part.headers.get("content-transfer-encoding", "").lower() != "binary":
        return "needs the header Content-Transfer-Encoding with the value binary"
    if algorithm is None or algorithm(part.content).hexdigest() != named:
        return "has data whose SHA-2 sum is not the one in X-Experience-API-Hash"
    return None


def _attachments(statement: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for index, attachment in enumerate(statement.get("attachments", ())):
        yield f"/attachments/{index}", attachment
    for index, attachment in enumerate(statement["object"].get("attachments", ())):
        yield f"/object/attachments/{index}", attachment


def _sums(statement: Any) -> Iterator[str]:
    """Sums in anything that may be a statement: what describes data need not be valid."""
    for holder in (statement, statement.get("object") if isinstance(statement, dict) else None):
        listed = holder.get("attachments") if isinstance(holder, dict) else None
        for attachment in listed if isinstance(listed, list) else ():
            if isinstance(attachment, dict) and isinstance(attachment.get("sha2"), str):
                yield attachment["sha2"]
