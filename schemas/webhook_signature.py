"""The signature of Standard Webhooks 1.0, for those who sign and for those who check. Pure.

Three headers: `webhook-id`, `webhook-timestamp` in seconds since the epoch, and `webhook-signature`, which
holds signatures `v1,<base64>` separated by blanks. Each is an HMAC-SHA256 of id, timestamp and body, joined
by dots. https://www.standardwebhooks.com
"""

import hmac
from base64 import b64decode, b64encode
from collections.abc import Sequence
from hashlib import sha256
from typing import Final

TOLERANCE_S: Final = 300
"""How far a timestamp may be from the receiver's clock, in either direction."""
MIN_SECRET: Final = 24
"""Least length of a secret as it is written, characters."""

_BASE64_FOLLOWS = "whsec_"


def signature(secret: bytes, identifier: str, timestamp: int, body: bytes) -> bytes:
    """The 32 octets that `secret` gives for this message."""
    return hmac.digest(secret, b"%s.%d.%s" % (identifier.encode(), timestamp, body), sha256)


def signed_headers(secrets: Sequence[bytes], identifier: str, timestamp: int, body: bytes) -> dict[str, str]:
    """The three headers of a message; one signature by each secret, while secrets are being changed."""
    signatures = (b64encode(signature(secret, identifier, timestamp, body)).decode() for secret in secrets)
    return {
        "webhook-id": identifier,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(f"v1,{one}" for one in signatures),
    }


def parse_secret(text: str) -> bytes:
    """The octets of a secret: those of the base64 after `whsec_`, else of the text. Raises `ValueError`."""
    if not text.startswith(_BASE64_FOLLOWS):
        return text.encode()
    return b64decode(text.removeprefix(_BASE64_FOLLOWS), validate=True)
