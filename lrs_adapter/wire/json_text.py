"""JSON text of statements: split without loss, parsed without leniency.

The elements of an array are cut out of the body as they stand, so that `1.0` stays `1.0` and an escape stays
an escape. What two readers could read in two ways is refused: repeated names, NaN, lone surrogates, a
byte order mark, text that is not UTF-8.
"""

import json
import re
from collections import Counter
from dataclasses import dataclass
from typing import Any

import msgspec
import orjson

_SPLIT = msgspec.json.Decoder(list[msgspec.Raw])
_WHITESPACE = b" \t\r\n"
_NAME_END = re.compile(rb'"[ \t\r\n]*:')
_ESCAPE = re.compile(rb"\\(?!/|u(?!00[0-7]))")
"""A backslash that could stand before or for a quote, a colon, a space or another backslash."""


@dataclass(frozen=True, slots=True)
class Received:
    """One statement: `raw` is its JSON text exactly as it stood in the body, `value` what it says."""

    raw: bytes
    value: Any


@dataclass(frozen=True, slots=True)
class Malformed:
    """Not JSON that can be taken; `index` is the element of the array, None for the body as a whole."""

    detail: str
    index: int | None = None


class _RepeatedNameError(Exception):
    pass


def split(body: bytes) -> list[bytes] | Malformed:
    """The texts of an array's elements; a body that is no array is its own single element."""
    text = body.strip(_WHITESPACE)
    if not text.startswith(b"["):
        return [text]
    try:
        return [bytes(element) for element in _SPLIT.decode(text)]
    except msgspec.DecodeError as error:
        return Malformed(str(error))
    except RecursionError:
        return Malformed("The JSON is nested too deeply.")


def parse(raw: bytes) -> Received | Malformed:
    """Parse one element."""
    try:
        value = orjson.loads(raw)
        if not _is_plain(raw, orjson.dumps(value)):
            _REPETITIONS.decode(raw.decode())
    except orjson.JSONDecodeError as error:
        return Malformed(f"The JSON is malformed: {error}.")
    except _RepeatedNameError as error:
        return Malformed(f"An object names {error.args[0]} more than once.")
    except (RecursionError, orjson.JSONEncodeError):  # it reads more levels than it writes, which are 254
        return Malformed("The JSON is nested too deeply.")
    return Received(raw, value)


def is_array(body: bytes) -> bool:
    """Whether the body holds an array."""
    return body.lstrip(_WHITESPACE).startswith(b"[")


def with_id(raw: bytes, statement_id: str) -> bytes:
    """A non-empty object's text with an `id` put in front of its members; the rest stays as it was."""
    return b'{"id":"' + statement_id.encode() + b'",' + raw[1:]


def _is_plain(raw: bytes, written: bytes) -> bool:
    """Whether it is clear at a glance that no object in `raw` repeats a name: what it says, `written` anew,
    has as many.

    Names are counted by the quote and colon after them. Strings that begin with a colon are counted as well,
    on both sides, unless they are lost with a repeated name. Escapes could hide one, so but for those of `/`
    and of what is not ASCII they are left to the slow reader.
    """
    if written == raw:
        return True
    return _ESCAPE.search(raw) is None and len(_NAME_END.findall(raw)) == written.count(b'":')


def _distinct(pairs: list[tuple[str, Any]]) -> None:
    if len(dict(pairs)) < len(pairs):
        name, _ = Counter(name for name, _ in pairs).most_common(1)[0]
        raise _RepeatedNameError(json.dumps(name[:80]))


_REPETITIONS = json.JSONDecoder(object_pairs_hook=_distinct)
