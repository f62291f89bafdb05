"""Avro's binary encoding (Avro 1.12 "Binary Encoding"), as one small function for each place in a schema.

fastavro looks every value's schema up anew while it writes. Here that happens once, when the writer is made,
which halves what an encoded record costs. Only the types that our schemas use are known; the bytes are
fastavro's, which reads them, and a property test holds the two together.
"""

from collections.abc import Callable, Mapping
from struct import Struct
from typing import Any

Put = Callable[[bytes], object]
Write = Callable[[Any, Put], None]

_double = Struct("<d").pack
_NOTHING, _LAST_BLOCK, _FALSE, _TRUE = b"\x00", b"\x00", b"\x00", b"\x01"


# Variable length is seven bits a byte, the lowest first. Numbers of one and two bytes are looked up, longer
# ones are put together from pairs of bytes; most of those are times, in eight bytes.
_SHORT = [bytes((number,)) for number in range(1 << 7)]
_SHORT += [bytes((number & 0x7F | 0x80, number >> 7)) for number in range(1 << 7, 1 << 14)]
_GOING_ON = [bytes((number & 0x7F | 0x80, number >> 7 | 0x80)) for number in range(1 << 14)]


def _number(value: int) -> bytes:
    """A signed number: zigzag, then variable length."""
    zigzag = value << 1 ^ value >> 63
    return _SHORT[zigzag] if zigzag < 0x4000 else _long_number(zigzag)


def _long_number(zigzag: int) -> bytes:
    if 1 << 42 <= zigzag < 1 << 56:
        low = _GOING_ON[zigzag & 0x3FFF] + _GOING_ON[zigzag >> 14 & 0x3FFF]
        return low + _GOING_ON[zigzag >> 28 & 0x3FFF] + _SHORT[zigzag >> 42]
    if zigzag >> 64:
        raise OverflowError("the number does not fit 64 bits")
    octets = b""
    while zigzag > 0x3FFF:
        octets += _GOING_ON[zigzag & 0x3FFF]
        zigzag >>= 14
    return octets + _SHORT[zigzag]


def _write_number(value: int, put: Put) -> None:
    zigzag = value << 1 ^ value >> 63
    put(_SHORT[zigzag] if zigzag < 0x4000 else _long_number(zigzag))


def _write_bytes(value: bytes, put: Put) -> None:
    size = len(value) << 1
    put(_SHORT[size] if size < 0x4000 else _long_number(size))
    put(value)


def _write_string(value: str, put: Put) -> None:
    data = value.encode()
    size = len(data) << 1
    put(_SHORT[size] if size < 0x4000 else _long_number(size))
    put(data)


def _write_boolean(value: bool, put: Put) -> None:
    put(_TRUE if value else _FALSE)


def _write_double(value: float, put: Put) -> None:
    put(_double(value))


_PRIMITIVES: Mapping[str, Write] = {
    "boolean": _write_boolean,
    "bytes": _write_bytes,
    "double": _write_double,
    "int": _write_number,
    "long": _write_number,
    "string": _write_string,
}


def make_writer(schema: Any) -> Write:
    """What writes values of `schema`, as fastavro has parsed it; KeyError for a type that is not known here.

    The writer hands the encoding to `put` piece by piece, and raises whatever a value that does not fit leads
    it to.
    """
    if isinstance(schema, list):
        return _optional(schema) if schema[0] == "null" else _union(schema)
    if isinstance(schema, str):
        return _PRIMITIVES[schema]
    match schema["type"]:
        case "record":
            return _record(schema)
        case "array":
            return _array(schema)
        case "enum":
            return _enum(schema)
        case primitive:
            return _PRIMITIVES[primitive]


def _record(schema: Mapping[str, Any]) -> Write:
    fields = [(field["name"], make_writer(field["type"])) for field in schema["fields"]]
    defaults = {field["name"]: field["default"] for field in schema["fields"] if "default" in field}

    def write(value: Mapping[str, Any], put: Put) -> None:
        if not defaults.keys() <= value.keys():
            value = {**defaults, **value}
        for name, write_field in fields:
            write_field(value[name], put)

    return write


def _array(schema: Mapping[str, Any]) -> Write:
    write_item = make_writer(schema["items"])

    def write(items: list[Any] | tuple[Any, ...], put: Put) -> None:
        if items:
            put(_number(len(items)))
            for item in items:
                write_item(item, put)
        put(_LAST_BLOCK)

    return write


def _enum(schema: Mapping[str, Any]) -> Write:
    places = {symbol: _number(place) for place, symbol in enumerate(schema["symbols"])}

    def write(symbol: str, put: Put) -> None:
        put(places[symbol])

    return write


def _optional(schema: list[Any]) -> Write:
    _, other = schema
    write_other, second = make_writer(other), _number(1)

    def write(value: Any, put: Put) -> None:
        if value is None:
            put(_NOTHING)
        else:
            put(second)
            write_other(value, put)

    return write


def _union(schema: list[Any]) -> Write:
    """A union of records. A value is (name of the record, fields), or the fields alone, which tell it."""
    branches = {branch["name"]: (_number(place), make_writer(branch)) for place, branch in enumerate(schema)}
    names = {frozenset(field["name"] for field in branch["fields"]): branch["name"] for branch in schema}

    def write(value: tuple[str, Mapping[str, Any]] | Mapping[str, Any], put: Put) -> None:
        name, fields = value if isinstance(value, tuple) else (names[frozenset(value)], value)
        place, write_fields = branches[name]
        put(place)
        write_fields(fields, put)

    return write
