"""`multipart/mixed` bodies, taken apart and put together (RFC 2046 5.1): headers and octets of each part.

Pure. Lines end in CRLF; text before the first boundary is refused, text after the last one is ignored, and
the last boundary needs no line end of its own: some senders leave it out.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from python_multipart import MultipartParser
from python_multipart.exceptions import FormParserError, MultipartParseError
from python_multipart.multipart import parse_options_header

_BOUNDARY = re.compile(r"[0-9A-Za-z'()+_,./:=? -]{0,69}[0-9A-Za-z'()+_,./:=?-]")
_HEAD = b"--%s\r\nContent-Type: %s\r\n%s\r\n"


@dataclass(frozen=True, slots=True)
class Part:
    """One part; header names in lower case, octets as they stood."""

    headers: Mapping[str, str]
    content: bytes

    @property
    def media_type(self) -> str:
        """The part's type without its parameters, lower-case; empty if it names none."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Not a multipart body, and why."""

    detail: str


def boundary_of(content_type: str) -> str | None:
    """The boundary that a `Content-Type` header names; None if it names none that is allowed."""
    _, options = parse_options_header(content_type)
    boundary = options.get(b"boundary", b"").decode("latin-1")
    return boundary if _BOUNDARY.fullmatch(boundary) else None


def split_parts(body: bytes, boundary: str, limit: int) -> list[Part] | Unreadable:
    """The parts in their order, `limit` at most."""
    collector = _Collector(limit)
    try:
        collector.parser(boundary).write(body)
    except FormParserError as error:
        return Unreadable(str(error))
    if not collector.complete:
        return Unreadable("The closing boundary is missing")
    return collector.parts


def join_parts(text: bytes, attachments: Mapping[str, bytes], boundary: str) -> bytes:
    """A body of one statement's text and the data of its attachments, by SHA-2 sum."""
    pieces = [_HEAD % (boundary.encode(), b"application/json", b""), text]
    for sha2, data in attachments.items():
        extra = b"Content-Transfer-Encoding: binary\r\nX-Experience-API-Hash: %s\r\n" % sha2.encode()
        pieces += [b"\r\n", _HEAD % (boundary.encode(), b"application/octet-stream", extra), data]
    return b"".join([*pieces, b"\r\n--%s--\r\n" % boundary.encode()])


class _Collector:
    """Gathers what the parser finds."""

    def __init__(self, limit: int) -> None:
        self.parts: list[Part] = []
        self.complete = False
        self._limit = limit
        self._headers: dict[str, str] = {}
        self._field = self._value = b""
        self._content: list[bytes] = []

    def parser(self, boundary: str) -> MultipartParser:
        """A parser that reports to this collector."""
        return MultipartParser(
            boundary,
            {
                "on_part_begin": self._begin,
                "on_header_field": self._add_field,
                "on_header_value": self._add_value,
                "on_header_end": self._end_header,
                "on_part_data": self._add_content,
                "on_part_end": self._end_part,
                "on_end": self._end,
            },
        )

    def _begin(self) -> None:
        if len(self.parts) == self._limit:
            raise MultipartParseError(f"There may be {self._limit} parts at most")
        self._headers, self._content = {}, []

    def _add_field(self, data: bytes, start: int, end: int) -> None:
        self._field += data[start:end]

    def _add_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _end_header(self) -> None:
        name = self._field.decode("latin-1").lower()
        if name in self._headers:
            raise MultipartParseError(f"Part {len(self.parts)}, counted from 0, has a header more than once")
        self._headers[name] = self._value.decode("latin-1").strip(" \t")
        self._field = self._value = b""

    def _add_content(self, data: bytes, start: int, end: int) -> None:
        self._content.append(data[start:end])

    def _end_part(self) -> None:
        self.parts.append(Part(self._headers, b"".join(self._content)))

    def _end(self) -> None:
        self.complete = True
