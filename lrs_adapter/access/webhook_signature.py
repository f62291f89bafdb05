"""Signed webhooks: who sent these bytes, and when. Pure.

The headers are those of the Standard Webhooks specification (1.0): `webhook-id` is the nonce,
`webhook-timestamp` is in seconds since the epoch, `webhook-signature` holds signatures `v1,<base64>`
separated by blanks, each an HMAC-SHA256 of id, timestamp and body, joined by dots.
"""

import binascii
import hmac
import re
from base64 import b64decode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from lrs_adapter.wire.problems import Problem

TOLERANCE_S: Final = 300
"""How far a timestamp may be from our clock, in either direction."""

_ID = re.compile(r"[A-Za-z0-9._:-]{1,128}")
_TIMESTAMP = re.compile(r"[0-9]{1,12}")
_MOST_SIGNATURES = 10
_BASE64_FOLLOWS = "whsec_"


@dataclass(frozen=True, slots=True)
class Seal:
    """What the headers say; the body is not compared yet."""

    id: str
    timestamp: int
    signatures: tuple[bytes, ...]

    def fits(self, body: bytes, secrets: Sequence[bytes]) -> bool:
        """Whether one of the signatures is by one of the secrets; each is compared in constant time."""
        content = b"%s.%d.%s" % (self.id.encode(), self.timestamp, body)
        made = [hmac.digest(secret, content, sha256) for secret in secrets]
        return any(hmac.compare_digest(one, other) for one in made for other in self.signatures)


def read_seal(headers: Mapping[str, str], now_s: float) -> Seal | Problem:
    """Judge the headers before the body is read; names of headers are lower-case."""
    identifier = headers.get("webhook-id", "")
    timestamp = headers.get("webhook-timestamp", "")
    signatures = _signatures(headers.get("webhook-signature", ""))
    if not (_ID.fullmatch(identifier) and _TIMESTAMP.fullmatch(timestamp) and signatures):
        return refused(
            "unsigned", "The headers webhook-id, webhook-timestamp and webhook-signature are needed."
        )
    if abs(now_s - int(timestamp)) > TOLERANCE_S:
        return refused("stale", f"The timestamp is more than {TOLERANCE_S} s from our clock.")
    return Seal(identifier, int(timestamp), signatures)


def refused(code: str, detail: str) -> Problem:
    """401 for what is not signed, or not now, or not so."""
    return Problem(401, f"webhook-{code}", "Who is sending?", detail)


def parse_secret(text: str) -> bytes:
    """The octets of a secret: those of the base64 after `whsec_`, else of the text. Raises `ValueError`."""
    if not text.startswith(_BASE64_FOLLOWS):
        return text.encode()
    return b64decode(text.removeprefix(_BASE64_FOLLOWS), validate=True)


def _signatures(header: str) -> tuple[bytes, ...]:
    return tuple(
        signature
        for listed in header.split()[:_MOST_SIGNATURES]
        if (signature := _decoded(listed.partition(",")))
    )


def _decoded(parts: tuple[str, str, str]) -> bytes:
    version, _, text = parts
    try:
        return b64decode(text, validate=True) if version == "v1" else b""
    except (binascii.Error, ValueError):
        return b""
