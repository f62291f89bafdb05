"""A body's two forms, brought into one: the JSON text of the statements, and the data that came along.

Pure. `application/json` carries statements alone, `multipart/mixed` has them in its first part. IEEE 9274.1.1
4.1.3, xAPI 1.0.3 Communication 1.5.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from lrs_adapter.attachments.checks import sent_data
from lrs_adapter.wire.multipart import Unreadable, split_parts
from lrs_adapter.wire.problems import Problem, bad_request

MOST_PARTS: Final = 1000
"""Parts that the body of a request may have, the one with the statements included."""

_JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Content:
    """`text` is one statement or an array of them, as received; `sent` is data by its SHA-2 sum."""

    text: bytes
    sent: Mapping[str, bytes] = field(default_factory=dict)


def read_content(body: bytes, boundary: str, most_parts: int = MOST_PARTS) -> Content | Problem:
    """Take the body apart; an empty `boundary` stands for `application/json`."""
    if not boundary:
        return Content(body)
    parts = split_parts(body, boundary, most_parts)
    if isinstance(parts, Unreadable):
        return bad_request("malformed-multipart", f"The multipart body cannot be read: {parts.detail}.")
    if not parts or parts[0].media_type != _JSON:
        return bad_request("malformed-multipart", f"The first part must have the statements, as {_JSON}.")
    sent = sent_data(parts[1:])
    return sent if isinstance(sent, Problem) else Content(parts[0].content, sent)
