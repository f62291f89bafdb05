"""Cutting a stream into the texts of its rows, in memory that does not grow with the stream.

NDJSON is cut at line ends. A JSON array is cut by its structure alone, without parsing: what stands between
two commas travels on byte for byte, and a faulty element does not hide the ones after it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BufferedReader

MAX_ROW_BYTES = 950_000
"""Longest row: what Kafka takes as one record, less what the record says about it."""

_CHUNK = 1 << 16
_WHITESPACE = b" \t\r\n"
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_TOKEN = re.compile(rb'"(?:[^"\\]++|\\.)*+"|["{}\[\],]', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Text:
    """The text of one row; `number` counts from 1: lines of NDJSON, elements of an array."""

    number: int
    raw: bytes


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A row without a text to judge; `raw` is its beginning."""

    number: int
    detail: str
    raw: bytes = b""


Row = Text | Unreadable


def rows(stream: BufferedReader) -> Iterator[Row]:
    """The rows of NDJSON or of one JSON array, told apart by the first byte."""
    first = stream.peek(1)[: len(_BYTE_ORDER_MARK)]
    if first == _BYTE_ORDER_MARK:
        stream.read(len(first))
    lead = _skip_whitespace(stream)
    if stream.peek(1)[:1] == b"[":
        return _elements(stream)
    return _lines(stream, lead)


def bounded_lines(stream: BufferedReader) -> Iterator[tuple[bytes, bool]]:
    """(line, whether it is whole): a longer one than `MAX_ROW_BYTES` is cut, its rest passed over."""
    while line := stream.readline(MAX_ROW_BYTES + 1):
        whole = len(line) <= MAX_ROW_BYTES or line.endswith(b"\n")
        yield line, whole
        while not whole and (rest := stream.readline(_CHUNK)):
            whole = rest.endswith(b"\n")


def _skip_whitespace(stream: BufferedReader) -> int:
    """Pass over blanks; returns how many line ends there were."""
    ends = 0
    while ahead := stream.peek(1):
        blanks = len(ahead) - len(ahead.lstrip(_WHITESPACE))
        ends += stream.read(blanks).count(b"\n")
        if blanks < len(ahead):
            break
    return ends


def _lines(stream: BufferedReader, lead: int) -> Iterator[Row]:
    for number, (line, whole) in enumerate(bounded_lines(stream), start=lead + 1):
        if not whole:
            yield too_long(number, line)
        elif text := line.strip(_WHITESPACE):
            yield Text(number, text)


def too_long(number: int, raw: bytes) -> Unreadable:
    """A row that no record could hold."""
    return Unreadable(number, f"longer than {MAX_ROW_BYTES} bytes", raw[:1000])


def _elements(stream: BufferedReader) -> Iterator[Row]:
    stream.read(1)
    cutter = _Cutter()
    while not cutter.ended and (chunk := stream.read(_CHUNK)):
        yield from cutter.feed(chunk)
        if cutter.lost:
            yield Unreadable(cutter.number, "a string without an end: the rest of the file is not read")
            return
    if not cutter.ended:
        yield Unreadable(cutter.number, "the array does not end: the file is cut off", cutter.begun)
    elif cutter.begun.strip(_WHITESPACE) or _goes_on(stream):
        yield Unreadable(cutter.number, "something stands after the end of the array")


def _goes_on(stream: BufferedReader) -> bool:
    _skip_whitespace(stream)
    return bool(stream.peek(1))


class _Cutter:
    """Finds where elements end. `number` is the element that is being read."""

    def __init__(self) -> None:
        self.number = 1
        self.ended = False
        self._buffer = b""
        self._scanned = 0
        self._depth = 0
        self._overlong = False

    @property
    def begun(self) -> bytes:
        """The beginning of what has not been cut off yet."""
        return self._buffer[:1000]

    @property
    def lost(self) -> bool:
        """Whether a string has gone on for longer than any row may be."""
        return not self.ended and len(self._buffer) - self._scanned > MAX_ROW_BYTES

    def feed(self, chunk: bytes) -> Iterator[Row]:
        """The elements that end in `chunk`."""
        self._buffer += chunk
        start = 0
        for match in _TOKEN.finditer(self._buffer, self._scanned):
            token = match[0]
            if token == b'"':  # a string that the next chunk continues
                self._scanned = match.start()
                break
            self._scanned = match.end()
            if self._ends_element(token):
                yield from self._cut(self._buffer[start : match.start()])
                start = match.end()
            if self.ended:
                break
        else:
            self._scanned = len(self._buffer)
        self._drop(start)

    def _ends_element(self, token: bytes) -> bool:
        if token in b"{[":
            self._depth += 1
        elif self._depth and token in b"}]":
            self._depth -= 1
        elif token == b"]":
            self.ended = True
            return True
        return token == b"," and self._depth == 0

    def _cut(self, raw: bytes) -> Iterator[Row]:
        text = raw.strip(_WHITESPACE)
        if self._overlong or len(text) > MAX_ROW_BYTES:
            yield too_long(self.number, text)
        elif text:
            yield Text(self.number, text)
        elif not (self.ended and self.number == 1):
            yield Unreadable(self.number, "an empty element")
        self._overlong = False
        self.number += 1

    def _drop(self, start: int) -> None:
        """Forget what was cut off, and an element's beginning once it is too long."""
        if self._scanned - start > MAX_ROW_BYTES:
            self._overlong, start = True, self._scanned
        self._buffer = self._buffer[start:]
        self._scanned -= start
