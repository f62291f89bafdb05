"""Inputs to begin with: good ones of every kind, and tricks that are known."""

import gzip
import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.fuzz.target import BOUNDARY, READERS
from tests.unit.adapter.samples import STATEMENT, VOID
from tests.unit.xapi.samples import FULL, MINIMAL, STATEMENT_REF, SUBSTATEMENT

_ROOT = Path(__file__).parents[2]
_DEEP = 20_000


def seeds() -> Iterator[bytes]:
    """Every seed for every reader that may make sense of it."""
    for number, reader in enumerate(READERS):
        for text in _OF.get(reader.__name__, _json)():
            yield bytes([number]) + text


def _json() -> Iterator[bytes]:
    good = [STATEMENT, VOID, FULL, *({**MINIMAL, "object": one} for one in (SUBSTATEMENT, STATEMENT_REF))]
    yield json.dumps(good).encode()
    yield from (json.dumps(one).encode() for one in good)
    yield "\n".join(json.dumps(one) for one in good).encode()
    yield from TRICKS


def _with(**changes: Any) -> bytes:
    """A statement with something odd in it."""
    return json.dumps({**STATEMENT, **changes}).encode()


TRICKS: tuple[bytes, ...] = (
    b"[" * _DEEP,
    b'{"a":' * _DEEP,
    b"[" * 900 + b"]" * 900,
    b'{"id":' + b"9" * 5000 + b"}",
    b'{"result":{"score":{"raw":1e400}}}',
    b'{"result":{"score":{"raw":NaN,"max":-Infinity}}}',
    b'{"a":1,"a":2}',
    b'{"\\u0000":"\\ud800"}',
    b"\xef\xbb\xbf{}",
    b"\xff\xfe[\x00]\x00",
    b'["' + b"\\" * 9999,
    b'{"timestamp":"0000-00-00T00:00:00Z","object":{"id":"a:"}}',
    b'{"result":{"duration":"P' + b"9" * 400 + b'Y"}}',
    _with(result={"duration": "PT" + "9" * 400 + "S"}),
    _with(result={"duration": "PT99999999999999999999S"}),
    _with(timestamp="9999-12-31T23:59:59-14:00"),
    _with(timestamp="0001-01-01T00:00:00+14:00"),
    _with(actor={"openid": "http://[no.address]/"}),
)


def _multipart() -> Iterator[bytes]:
    data = b"\x00data"
    sha2 = hashlib.sha256(data).hexdigest()
    attachment = {
        "usageType": "http://example.com/u",
        "display": {"en": "x"},
        "contentType": "a/b",
        "length": 5,
        "sha2": sha2,
    }
    first = json.dumps({**STATEMENT, "attachments": [attachment]}).encode()
    head = f"--{BOUNDARY}\r\nContent-Type: application/json\r\n\r\n".encode()
    named = f"Content-Transfer-Encoding: binary\r\nX-Experience-API-Hash: {sha2}"
    part = f"\r\n--{BOUNDARY}\r\n{named}\r\n\r\n".encode()
    end = f"\r\n--{BOUNDARY}--".encode()
    yield head + first + part + data + end
    yield head + first + part * 40 + data + end
    yield head + json.dumps(STATEMENT).encode() + end
    yield head + b"\r\n--" * 500 + end
    yield head.replace(b"\r\n", b"\n") + end


def _packed() -> Iterator[bytes]:
    line = json.dumps(STATEMENT).encode() + b"\n"
    yield b"\x00" + gzip.compress(line)
    yield b"\x00" + gzip.compress(line) * 2
    yield b"\x00" + gzip.compress(b" " * (1 << 16))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("statements.ndjson", line)
    yield b"\x02" + packed.getvalue()
    nameless = _nameless(line)
    yield b"\x02" + nameless
    yield b"\x02" + _encrypted(nameless)
    yield b"\x02" + packed.getvalue().replace(b"PK\x01\x02\x14", b"PK\x01\x02\xff")


def _encrypted(archive: bytes) -> bytes:
    """The archive, whose only member says in the directory that it is encrypted (APPNOTE 4.4.4, bit 0)."""
    flags = archive.index(b"PK\x01\x02") + 8
    return archive[:flags] + bytes((archive[flags] | 1,)) + archive[flags + 1 :]


def _nameless(line: bytes) -> bytes:
    """An archive whose member has an empty name: its one letter is made an extra field."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a", line)
    text = bytearray(packed.getvalue())
    for signature, lengths in ((b"PK\x03\x04", 26), (b"PK\x01\x02", 28)):
        at = text.index(signature) + lengths
        text[at : at + 4] = b"\0\0\1\0"
    return bytes(text)


def _csv() -> Iterator[bytes]:
    yield b"u2001,sql-basics,2026-01-01,2026-02-01,87,3600,badge-1\n"
    yield b'"a""b",\n,,,\n"\r\n'


def _feed() -> Iterator[bytes]:
    yield (_ROOT / "config/people.csv").read_bytes()
    yield b"employee_id,lms_user_ids\nE1,http://[x]#u1\n"


def _event() -> Iterator[bytes]:
    employee = {"employee_id": "E1", "emails": ["a@example.com"], "hire_date": "2024-05-01"}
    for kind in ("hire", "change", "terminate"):
        event = {"type": kind, "effective_date": "2026-03-01", "employee": employee, "previous": employee}
        yield json.dumps(event).encode()
    yield from TRICKS


def _headers() -> Iterator[bytes]:
    yield b"YTpi"
    yield b"eyJhbGciOiJSUzI1NiJ9.e30.AAAA"
    yield b"boundary=\"x\"; boundary*=utf-8''y"
    yield b"id\n1\nv1,AAAA v1,BBBB"


def _configuration() -> Iterator[bytes]:
    for name in ("credentials.json", "csv-mapping.csv", "sources.yaml"):
        yield (_ROOT / "config" / name).read_bytes()


_OF = {
    "multipart": _multipart,
    "import_packed": _packed,
    "import_csv": _csv,
    "hr_feed": _feed,
    "hr_event": _event,
    "headers": _headers,
    "configuration": _configuration,
}
