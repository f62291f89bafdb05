"""Signed webhooks: who sent these bytes, and when. Pure.

`schemas.webhook_signature` has the three headers of Standard Webhooks; `webhook-id` is the nonce.
"""

import binascii
import hmac
import re
from base64 import b64decode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lrs_adapter.wire.problems import Problem
from schemas.webhook_signature import TOLERANCE_S, signature

_ID = re.compile(r"[A-Za-z0-9._:-]{1,128}")
_TIMESTAMP = re.compile(r"[0-9]{1,12}")
_MOST_SIGNATURES = 10


@dataclass(frozen=True, slots=True)
class Seal:
    """What the headers say; the body is not compared yet."""

    id: str
    timestamp: int
    signatures: tuple[bytes, ...]

    def fits(self, body: bytes, secrets: Sequence[bytes]) -> bool:
        """Whether one of the signatures is by one of the secrets; each is compared in constant time."""
        made = [signature(secret, self.id, self.timestamp, body) for secret in secrets]
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


def _signatures(header: str) -> tuple[bytes, ...]:
    return tuple(
        found for listed in header.split()[:_MOST_SIGNATURES] if (found := _decoded(listed.partition(",")))
    )


def _decoded(parts: tuple[str, str, str]) -> bytes:
    version, _, text = parts
    try:
        return b64decode(text, validate=True) if version == "v1" else b""
    except (binascii.Error, ValueError):
        return b""
