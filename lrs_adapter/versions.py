"""The `X-Experience-API-Version` header: what senders may say and what we answer.

IEEE 9274.1.1 4.1.2, xAPI 1.0.3 Communication 3.3.
"""

import re
from typing import Final

from lrs_adapter.credentials import Credential
from lrs_adapter.problems import Problem, bad_request

HEADER: Final = "x-experience-api-version"
SUPPORTED: Final = ("1.0.0", "1.0.1", "1.0.2", "1.0.3", "2.0.0")
OWN_VERSION: Final = "2.0.0"

_KNOWN = re.compile(r"(1|2)\.0(?:\.[0-9]{1,4})?")
_ANSWERS = {"1": "1.0.3", "2": "2.0.0"}


def answer_version(asked: str | None) -> str:
    """The version that the response names: the latest of the line that the request speaks, else ours."""
    match = _KNOWN.fullmatch(asked or "")
    return _ANSWERS[match[1]] if match else OWN_VERSION


def negotiate(asked: str | None, credential: Credential) -> str | Problem:
    """The version by whose rules the request is judged."""
    if asked is None:
        if credential.mode == "lenient":
            return credential.default_version
        return bad_request("version-missing", "The header X-Experience-API-Version is required.")
    if _KNOWN.fullmatch(asked):
        return asked
    detail = f"X-Experience-API-Version {asked[:20]!r} is not supported: send 1.0, 1.0.x, 2.0 or 2.0.x."
    return bad_request("version-unsupported", detail)
