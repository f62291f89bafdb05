"""Cutting statements out of a body without loss, and refusing what can be read in two ways."""

import json
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrs_adapter.wire.json_text import Malformed, Received, parse, split, with_id
from schemas.equality import content_digest

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**60), 2**60)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
)
SPACE = st.text(alphabet=" \t\r\n", max_size=3)


@given(st.lists(JSON, max_size=5), st.booleans(), SPACE, SPACE)
def test_elements_are_cut_out_as_they_stand(
    values: list[Any], ascii_only: bool, before: str, after: str
) -> None:
    texts = [json.dumps(value, ensure_ascii=ascii_only).encode("utf-8", "surrogatepass") for value in values]
    separator = f"{before},{after}".encode()
    body = before.encode() + b"[" + after.encode() + separator.join(texts) + before.encode() + b"]"
    assert split(body) == texts


@pytest.mark.parametrize(
    "text",
    [
        b'{"a":1.0}',
        b'{"a":1e2,"b":-0.0,"c":1E+2}',
        b'{ "a" :\t[ 1 , 2 ] }',
        '{"ключ":"значение 🎓","e":"\\u00e9\\n\\"]}"}'.encode(),
        b'{"big":12345678901234567890.123456789}',
        b"{}",
    ],
)
def test_spelling_is_kept(text: bytes) -> None:
    assert split(b" \n[" + text + b"\t, " + text + b"\r\n]\n") == [text, text]
    assert split(b"\n " + text + b" ") == [text]
    received = parse(text)
    assert isinstance(received, Received)
    assert received.raw == text
    assert received.value == json.loads(text)


TOO_DEEP = b"[" * 100_000 + b"]" * 100_000


@pytest.mark.parametrize(
    "body", [b"[", b"[1,]", b"[1] 2", b"[NaN]", b'["a\x01"]', b"[,1]", b"[1 2]", TOO_DEEP]
)
def test_arrays_that_are_not_json(body: bytes) -> None:
    assert isinstance(split(body), Malformed)


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"{",
        b"{'a':1}",
        b'{"a":NaN}',
        b'{"a":Infinity}',
        b'{"a":1e999}',
        b'{"a":01}',
        b'{"a":"\xff"}',
        b'{"a":"\xed\xa0\x80"}',
        b'{"a":"\\ud800"}',
        b"\xef\xbb\xbf{}",
        b'{"a":1}{"b":2}',
        b'{"a":' * 2000 + b"1" + b"}" * 2000,
        b'{"a":' + b"9" * 5000 + b"}",
        b'{"a":' * 1010 + b"1" + b"}" * 1010,
    ],
)
def test_elements_that_are_not_json_to_every_reader(text: bytes) -> None:
    assert isinstance(parse(text), Malformed)


@pytest.mark.parametrize("levels", [255, 300, 1000])
def test_what_is_nested_too_deeply_to_be_compared_is_refused(levels: int) -> None:
    text = b'{"a":' * levels + b"1" + b"}" * levels
    assert parse(text) == Malformed("The JSON is nested too deeply.")


def test_what_is_taken_can_be_compared() -> None:
    deepest = max(
        (one for levels in range(1, 300) if isinstance(one := parse(_nested(levels)), Received)),
        key=lambda one: len(one.raw),
    )
    assert len(content_digest(deepest.value)) == 16
    assert deepest.raw.count(b"{") > 200


def _nested(levels: int) -> bytes:
    """A statement, in all that many levels of objects."""
    below = levels - 3
    deep = b'{"a":' * below + b"1" + b"}" * below
    return b'{"verb":{"id":"v"},"context":{"extensions":{"http://example.com/x":' + deep + b"}}}"


def test_repeated_names_are_refused_and_named() -> None:
    found = parse(b'{"a":{"b":1,"c":[{"d":1,"\\u0064":2}]}}')
    assert found == Malformed('An object names "d" more than once.')


TRICKY = st.text(alphabet='ab":\\/ \t\u00e9', max_size=3)
PAIRS = st.recursive(
    TRICKY,
    lambda inner: st.lists(inner, max_size=3).map(tuple) | st.lists(st.tuples(TRICKY, inner), max_size=4),
    max_leaves=8,
)


def _written(value: Any, colon: str, quoted: Callable[[str], str]) -> str:
    """The JSON text of a string, of an array (a tuple) or of an object (a list of pairs)."""
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, tuple):
        return f"[{','.join(_written(one, colon, quoted) for one in value)}]"
    members = (f"{quoted(name)}{colon}{_written(one, colon, quoted)}" for name, one in value)
    return f"{{{','.join(members)}}}"


def _repeats(value: Any) -> bool:
    if isinstance(value, tuple):
        return any(map(_repeats, value))
    if isinstance(value, list):
        return len({name for name, _ in value}) < len(value) or any(_repeats(one) for _, one in value)
    return False


def _escaped(text: str) -> str:
    """Every character by its number, as a sender may write it."""
    return '"' + "".join(f"\\u{ord(character):04x}" for character in text) + '"'


@given(
    PAIRS,
    st.sampled_from((":", " :", ": ", "\t:\n")),
    st.sampled_from((json.dumps, partial(json.dumps, ensure_ascii=False), _escaped)),
)
def test_repeated_names_are_found_however_they_are_written(
    value: Any, colon: str, quoted: Callable[[str], str]
) -> None:
    text = _written(value, colon, quoted).encode()
    assert isinstance(parse(text), Malformed) == _repeats(value)


@pytest.mark.parametrize("lost", ["\\u0022:", '\\":', "\\u003a", " :"])
def test_no_string_makes_up_for_a_repeated_name(lost: str) -> None:
    assert isinstance(parse(f'{{"a":1,"a":"{lost}","b":"{lost}"}}'.encode()), Malformed)


@given(st.dictionaries(st.text(min_size=1), JSON, min_size=1).filter(lambda value: "id" not in value))
def test_an_id_is_put_in_front_and_nothing_else_changes(value: dict[str, Any]) -> None:
    raw = json.dumps(value).encode()
    added = with_id(raw, "x")
    assert json.loads(added) == {"id": "x", **value}
    assert added.endswith(raw[1:])
