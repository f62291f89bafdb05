"""The `X-Experience-API-Version` header: what senders may say and what we answer.

What is allowed depends on the lines that a mount speaks. IEEE 9274.1.1 4.1.2, xAPI 1.0.3 Communication 3.3.
"""

import re
from typing import Final

from lrs_adapter.access.credentials import Credential
from lrs_adapter.wire.problems import Problem, bad_request
from schemas.mounts import Line, Mount

HEADER: Final = "x-experience-api-version"

_KNOWN = re.compile(r"([12]\.0)(?:\.[0-9]{1,4})?")
_SUPPORTED: Final[dict[Line, tuple[str, ...]]] = {
    "1.0": ("1.0.0", "1.0.1", "1.0.2", "1.0.3"),
    "2.0": ("2.0.0",),
}


def supported(mount: Mount) -> list[str]:
    """What `/about` tells."""
    return [version for line in mount.lines for version in _SUPPORTED[line]]


def line_of(version: str | None) -> Line | None:
    """The line that a version belongs to; None for what is no version that we know."""
    match = _KNOWN.fullmatch(version or "")
    return None if match is None else "1.0" if match[1] == "1.0" else "2.0"


def answer_version(asked: str | None, mount: Mount) -> str:
    """The version that the response names: the latest of the request's line, else the mount's own."""
    line = line_of(asked)
    return _SUPPORTED[line if line in mount.lines else mount.lines[-1]][-1]


def negotiate(asked: str | None, credential: Credential, mount: Mount) -> str | Problem:
    """The version by whose rules the request is judged."""
    if asked is None:
        return _assumed(credential, mount)
    if line_of(asked) in mount.lines:
        return asked
    *others, last = [form for line in mount.lines for form in (line, f"{line}.x")]
    detail = f"X-Experience-API-Version {asked[:20]!r} is not supported: send {', '.join(others)} or {last}."
    return bad_request("version-unsupported", detail)


def _assumed(credential: Credential, mount: Mount) -> str | Problem:
    """What a lenient sender speaks that says nothing: its default, where the mount speaks that."""
    if credential.mode == "strict":
        return bad_request("version-missing", "The header X-Experience-API-Version is required.")
    default = credential.default_version
    return default if line_of(default) in mount.lines else answer_version(None, mount)
