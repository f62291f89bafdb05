"""Attachments for tests: descriptions, data, and the bodies that carry them."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Iterable
from hashlib import sha256
from typing import Any

BOUNDARY = "-------314159265358979323846"
SIGNATURE = "http://adlnet.gov/expapi/attachments/signature"
TEXT = b"some text\r\n\x00\xff"


def sum_of(data: bytes) -> str:
    """SHA-256 of `data` in hexadecimal digits."""
    return sha256(data).hexdigest()


def described(data: bytes, **changes: Any) -> dict[str, Any]:
    """An attachment object for `data`."""
    return {
        "usageType": "http://example.com/attachment-usage/test",
        "display": {"en-US": "A test"},
        "contentType": "text/plain",
        "length": len(data),
        "sha2": sum_of(data),
        **changes,
    }


def part_of(data: bytes, **changes: str | None) -> bytes:
    """The part that carries `data`; `changes` replace headers (`_` for `-`), None leaves one out."""
    headers: dict[str, str | None] = {
        "Content_Type": "text/plain",
        "Content_Transfer_Encoding": "binary",
        "X_Experience_API_Hash": sum_of(data),
        **changes,
    }
    lines = [f"{name.replace('_', '-')}:{value}\r\n" for name, value in headers.items() if value is not None]
    return "".join(lines).encode() + b"\r\n" + data


def mixed(statements: Any, parts: Iterable[bytes] = (), media_type: str = "application/json") -> bytes:
    """A multipart body as LRSPipe sends it: no space after the colon, no line end at the end."""
    first = f"Content-Type:{media_type}\r\n\r\n".encode() + json.dumps(statements).encode()
    lines = b"".join(b"--%s\r\n%s\r\n" % (BOUNDARY.encode(), part) for part in (first, *parts))
    return lines + f"--{BOUNDARY}--".encode()


def signature(header: object, payload: object = None, *, signed: bytes = b"signed") -> bytes:
    """A JSON Web Signature in compact form."""
    texts = [json.dumps(header).encode(), json.dumps(payload or {"actor": {}}).encode(), signed]
    return b".".join(urlsafe_b64encode(text).rstrip(b"=") for text in texts)
