"""Avro's binary encoding (Avro 1.12 "Binary Encoding"), as one Python expression for each record of a schema.

fastavro looks every value's schema up anew while it writes. Here that happens once, when the writer is made:
a record becomes a `lambda` that joins the bytes of all its fields, which makes an encoded record three times
as cheap. Only the types that our schemas use are known; the bytes are fastavro's, which reads them, and a
property test holds the two together.
"""

from collections.abc import Callable, Mapping
from struct import Struct
from typing import Any

Write = Callable[[Any], bytes]

# Variable length is seven bits a byte, the lowest first. Numbers of one and two bytes are looked up, longer
# ones are put together from pairs of bytes; most of those are times, in eight bytes.
_SHORT = [bytes((number,)) for number in range(1 << 7)]
_SHORT += [bytes((number & 0x7F | 0x80, number >> 7)) for number in range(1 << 7, 1 << 14)]
_GOING_ON = [bytes((number & 0x7F | 0x80, number >> 7 | 0x80)) for number in range(1 << 14)]


def _long(zigzag: int) -> bytes:
    """A number that `_SHORT` does not have."""
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


# What stands for a value in the tuple that is joined: one or several elements. `{}` is the value, a signed
# number is zigzag encoded, and the length before text and bytes is such a number.
_NUMBER = "short[z] if (z := (n := {}) << 1 ^ n >> 63) < 0x4000 else long(z)"
_BYTES = "short[z] if (z := len(octets := {}) << 1) < 0x4000 else long(z), octets"
_ELEMENTS: Mapping[str, str] = {
    "boolean": "true if {} else false",
    "bytes": _BYTES,
    "double": "double({})",
    "int": _NUMBER,
    "long": _NUMBER,
    "string": _BYTES.format("{}.encode()"),
}
_NAMES: Mapping[str, Any] = {
    "join": b"".join,
    "short": _SHORT,
    "long": _long,
    "double": Struct("<d").pack,
    "true": b"\x01",
    "false": b"\x00",
}
_NULL = _LAST_BLOCK = b"\x00"


def make_writer(schema: Any) -> Write:
    """What encodes values of `schema`, as fastavro has parsed it; KeyError for a type that is not known here.

    The writer raises whatever a value that does not fit leads it to.
    """
    if isinstance(schema, list):
        return _optional(schema) if schema[0] == "null" else _union(schema)
    if isinstance(schema, str):
        return _joined(_ELEMENTS[schema].format("value"), {})
    match schema["type"]:
        case "record":
            return _record(schema)
        case "array":
            return _array(schema)
        case "enum":
            return _enum(schema)
        case primitive:
            return make_writer(primitive)


def number(value: int) -> bytes:
    """An int or a long (Avro 1.12 "Binary Encoding")."""
    zigzag = value << 1 ^ value >> 63
    if zigzag < 1 << 14:
        return _SHORT[zigzag]
    if zigzag < 1 << 28:
        return _GOING_ON[zigzag & 0x3FFF] + _SHORT[zigzag >> 14]
    return _long(zigzag)


def _joined(elements: str, names: Mapping[str, Any]) -> Write:
    """The writer that joins `elements`. They come from our own schemas and nothing else."""
    write: Write = eval(f"lambda value: join(({elements},))", {**_NAMES, **names})  # noqa: S307
    return write


def _record(schema: Mapping[str, Any]) -> Write:
    elements, names = [], {}
    for place, field in enumerate(schema["fields"]):
        value = f"value[{field['name']!r}]"
        if "default" in field:
            names[f"default_{place}"] = _default(field)
            value = f"({value} if {field['name']!r} in value else default_{place})"
        if isinstance(field["type"], str):
            elements.append(_ELEMENTS[field["type"]].format(value))
        else:
            names[f"write_{place}"] = make_writer(field["type"])
            elements.append(f"write_{place}({value})")
    return _joined(", ".join(elements), names)


def _default(field: Mapping[str, Any]) -> Any:
    """The schema's JSON has bytes as text (Avro 1.12 "Complex Types")."""
    return field["default"].encode("latin-1") if field["type"] == "bytes" else field["default"]


def _array(schema: Mapping[str, Any]) -> Write:
    write_item = make_writer(schema["items"])

    def write(items: list[Any] | tuple[Any, ...]) -> bytes:
        if not items:
            return _LAST_BLOCK
        return b"".join((number(len(items)), *map(write_item, items), _LAST_BLOCK))

    return write


def _enum(schema: Mapping[str, Any]) -> Write:
    return {symbol: number(place) for place, symbol in enumerate(schema["symbols"])}.__getitem__


def _optional(schema: list[Any]) -> Write:
    _, other = schema
    write_other, second = make_writer(other), number(1)

    def write(value: Any) -> bytes:
        return _NULL if value is None else second + write_other(value)

    return write


def _union(schema: list[Any]) -> Write:
    """A union of records. A value is (name of the record, fields), or the fields alone, which tell it."""
    branches = {branch["name"]: (number(place), make_writer(branch)) for place, branch in enumerate(schema)}
    names = {frozenset(field["name"] for field in branch["fields"]): branch["name"] for branch in schema}

    def write(value: tuple[str, Mapping[str, Any]] | Mapping[str, Any]) -> bytes:
        name, fields = value if isinstance(value, tuple) else (names[frozenset(value)], value)
        place, write_fields = branches[name]
        return place + write_fields(fields)

    return write
