"""Rows of a CSV stream (RFC 4180), each with its own bytes, in memory that does not grow with the stream."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from io import BufferedReader

from lrs_adapter.bulk.texts import bounded_lines
from schemas.outcomes import Fault

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_LONGEST_CELL = 4000


@dataclass(frozen=True, slots=True)
class CsvRow:
    """A row; `number` is the line that it begins on, from 1, which is the header."""

    number: int
    raw: bytes
    cells: dict[str, str]
    faults: tuple[Fault, ...] = ()


class CsvRows:
    """The rows below the header. `header` is there at once; each name is trimmed."""

    def __init__(self, stream: BufferedReader) -> None:
        self._lines = bounded_lines(stream)
        self._taken: list[bytes] = []
        self._line = 1
        self._cut = False
        self._reader = csv.reader(self._texts(), strict=True)
        self.header = [name.strip() for name in self._next() or ()]

    def __iter__(self) -> Iterator[CsvRow]:
        while True:
            self._begin()
            try:
                cells = self._next()
            except csv.Error as error:
                yield self._row({}, Fault("", f"not CSV: {error}"))
                continue
            if cells is None:
                return
            if cells:
                yield self._row(dict(zip(self.header, cells, strict=False)), *self._faults(cells))

    def _begin(self) -> None:
        self._line += len(self._taken)
        self._taken = []
        self._cut = False

    def _next(self) -> list[str] | None:
        return next(self._reader, None)

    def _texts(self) -> Iterator[str]:
        for line, whole in self._lines:
            first = self._line == 1 and not self._taken
            self._taken.append(line)
            self._cut = self._cut or not whole
            text = line.removeprefix(_BYTE_ORDER_MARK) if first else line
            yield text.decode(errors="surrogateescape")

    def _row(self, cells: dict[str, str], *faults: Fault) -> CsvRow:
        return CsvRow(self._line, b"".join(self._taken), cells, faults)

    def _faults(self, cells: list[str]) -> Iterator[Fault]:
        if self._cut:
            yield Fault("", "the line is too long")
        if len(cells) != len(self.header):
            yield Fault("", f"the row has {len(cells)} cells, the header {len(self.header)}")
        for name, cell in zip(self.header, cells, strict=False):
            if len(cell) > _LONGEST_CELL:
                yield Fault(name, f"longer than {_LONGEST_CELL} characters")
            if any("\udc80" <= character <= "\udcff" for character in cell):
                yield Fault(name, "not UTF-8")
