"""Cutting streams into rows."""

import json
from collections.abc import Iterator
from io import BufferedReader, RawIOBase
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrs_adapter.bulk import texts
from lrs_adapter.bulk.texts import MAX_ROW_BYTES, Row, Text, Unreadable, rows
from tests.unit.bulk.samples import stream

VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(alphabet='ab"\\[]{},: é\n'),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=10,
)


def cut(data: bytes | str) -> list[Row]:
    return list(rows(stream(data)))


def test_lines_are_rows_and_keep_their_numbers() -> None:
    assert cut('\n{"a":1}\r\n\n {"b": 2} ') == [Text(2, b'{"a":1}'), Text(4, b'{"b": 2}')]


@pytest.mark.parametrize("data", ["", "\n \n", "[]", " [ ] \n", b"\xef\xbb\xbf[]"])
def test_nothing_is_no_row(data: str | bytes) -> None:
    assert cut(data) == []


def test_elements_keep_their_text() -> None:
    assert cut('[ {"a": 1.0, "b": "],{\\""} ,\n{"c":[{}]}]\n') == [
        Text(1, b'{"a": 1.0, "b": "],{\\""}'),
        Text(2, b'{"c":[{}]}'),
    ]


def test_a_byte_order_mark_is_no_part_of_the_first_row() -> None:
    assert cut(b'\xef\xbb\xbf{"a":1}\n') == [Text(1, b'{"a":1}')]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64])
@given(values=st.lists(VALUES, max_size=6), spaced=st.booleans())
def test_an_array_is_cut_alike_however_it_arrives(size: int, values: list[Any], spaced: bool) -> None:
    data = json.dumps(values, indent=1 if spaced else None, ensure_ascii=False)
    found = list(_in_chunks(data, size))
    assert all(isinstance(row, Text) for row in found)
    assert [json.loads(row.raw) for row in found] == values
    assert [row.number for row in found] == list(range(1, len(values) + 1))


def _in_chunks(data: str, size: int) -> Iterator[Row]:
    whole = texts._CHUNK
    texts._CHUNK = size
    try:
        yield from rows(stream(data))
    finally:
        texts._CHUNK = whole


def test_a_faulty_element_does_not_hide_the_next() -> None:
    assert cut('[{"a":tru}, , {"b":1}]') == [
        Text(1, b'{"a":tru}'),
        Unreadable(2, "an empty element"),
        Text(3, b'{"b":1}'),
    ]


def test_what_is_too_long_is_passed_over() -> None:
    long = '{"a":"' + "x" * MAX_ROW_BYTES + '"}'
    by_line = cut(f'{long}\n{{"b":1}}\n')
    assert by_line[1:] == [Text(2, b'{"b":1}')]
    many = ",".join(f'"{"x" * 1000}"' for _ in range(2 * MAX_ROW_BYTES // 1000))
    in_array = cut(f'[{{"a":[{many}]}},{{"b":1}}]')
    assert in_array[1:] == [Text(2, b'{"b":1}')]
    for row in (by_line[0], in_array[0]):
        assert isinstance(row, Unreadable)
        assert "longer than" in row.detail
        assert len(row.raw) <= 1000


def test_a_file_that_is_cut_off_says_so() -> None:
    whole, rest = cut('[{"a":1},{"b":')
    assert whole == Text(1, b'{"a":1}')
    assert isinstance(rest, Unreadable)
    assert rest.number == 2
    assert "cut off" in rest.detail


def test_a_string_without_an_end_stops_the_reading() -> None:
    (row,) = cut('["' + "x" * 3 * MAX_ROW_BYTES)
    assert isinstance(row, Unreadable)
    assert "without an end" in row.detail


@pytest.mark.parametrize("rest", ["x", "  \n[]", ",1]"])
def test_what_follows_an_array_is_told(rest: str) -> None:
    found = cut("[1]" + rest)
    assert found[0] == Text(1, b"1")
    assert isinstance(found[-1], Unreadable)
    assert "after the end" in found[-1].detail


class _Long(RawIOBase):
    """An array without an end; `made` counts its elements."""

    def __init__(self) -> None:
        super().__init__()
        self.made = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        self.made += 1
        piece = b"[1" if self.made == 1 else b",1"
        buffer[: len(piece)] = piece
        return len(piece)


def test_rows_come_before_the_end_is_read() -> None:
    source = _Long()
    found = rows(BufferedReader(source))  # type: ignore[arg-type]
    assert [next(found) for _ in range(3)] == [Text(1, b"1"), Text(2, b"1"), Text(3, b"1")]
    assert source.made < 100_000
