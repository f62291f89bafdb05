"""Signatures of statements: JSON Web Signatures in compact form (RFC 7515), by their structure alone.

xAPI 1.0.3 Data 2.6. Neither the cryptographic signature nor the agreement of its payload with the statement
is verified here: whoever relies on a signature has its bytes.
"""

import binascii
from base64 import b64decode
from collections.abc import Iterator

import orjson

from schemas.outcomes import Fault
from schemas.xapi.faults import excerpt

_SECTION = "xAPI 1.0.3 Data 2.6"
_MEDIA_TYPE = "application/octet-stream"
_ALGORITHMS = ("RS256", "RS384", "RS512")


def signature_fault(pointer: str, content_type: str, data: bytes | None) -> Iterator[Fault]:
    """The fault of a signature attachment at `pointer`, if it has one; `data` is None if it was not sent."""
    if content_type.partition(";")[0].strip().lower() != _MEDIA_TYPE:
        message = f"must be {_MEDIA_TYPE} for a signature"
        yield Fault(f"{pointer}/contentType", message, excerpt(content_type), _SECTION)
    wrong = None if data is None else _wrong_signature(data)
    if wrong is not None:
        yield Fault(pointer, wrong, section=_SECTION)


def _wrong_signature(data: bytes) -> str | None:
    segments = [_decoded(segment) for segment in data.strip().split(b".")]
    if len(segments) != 3 or not all(segments):
        return "must be a JSON Web Signature in compact form: three segments in base64url"
    header, payload = (_object(segment) for segment in segments[:2])
    if header is None or payload is None:
        return "must be a JSON Web Signature whose header and payload are JSON objects"
    if header.get("alg") not in _ALGORITHMS:
        return f"must be signed with one of {', '.join(_ALGORITHMS)}"
    return None


def _decoded(segment: bytes) -> bytes:
    """The segment's octets; empty if it is not base64url without padding."""
    try:
        return b64decode(segment + b"=" * (-len(segment) % 4), altchars=b"-_", validate=True)
    except binascii.Error:
        return b""


def _object(segment: bytes) -> dict[str, object] | None:
    try:
        value = orjson.loads(segment)
    except orjson.JSONDecodeError:
        return None
    return value if isinstance(value, dict) else None
