"""Bodies of HTTP requests: whole or not at all."""

import io
from email.message import Message

import pytest

from readystream.embedded import http_body
from readystream.embedded.http_body import BodyError, read_body


def read(raw: bytes, **headers: str) -> bytes:
    message = Message()
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    return read_body(message, io.BytesIO(raw))


def test_a_length_is_kept_to() -> None:
    assert read(b"wholeNEXT", Content_Length="5") == b"whole"
    assert read(b"NEXT") == b""


def test_chunks_are_joined_and_trailers_passed_over() -> None:
    raw = b"4;note=1\r\nwho\n\r\n2\r\nle\r\n0\r\nTrailer: x\r\n\r\nNEXT"
    assert read(raw, Transfer_Encoding="chunked") == b"who\nle"


@pytest.mark.parametrize(
    ("raw", "headers"),
    [
        (b"who", {"Content_Length": "5"}),
        (b"whole", {"Content_Length": "-1"}),
        (b"whole", {"Content_Length": "many"}),
        (b"4\r\nwh", {"Transfer_Encoding": "chunked"}),
        (b"4\r\nwhol\r\n", {"Transfer_Encoding": "chunked"}),
        (b"zz\r\nwhole", {"Transfer_Encoding": "chunked"}),
    ],
)
def test_what_is_cut_short_or_malformed_is_an_error(raw: bytes, headers: dict[str, str]) -> None:
    with pytest.raises(BodyError):
        read(raw, **headers)


@pytest.mark.parametrize(
    ("raw", "headers"),
    [
        (b"whole", {"Content_Length": "5"}),
        (b"2\r\nwh\r\n3\r\nole\r\n0\r\n\r\n", {"Transfer_Encoding": "chunked"}),
    ],
)
def test_there_is_a_limit(monkeypatch: pytest.MonkeyPatch, raw: bytes, headers: dict[str, str]) -> None:
    monkeypatch.setattr(http_body, "MAX_BODY_BYTES", 4)
    with pytest.raises(BodyError, match="larger than 4 bytes"):
        read(raw, **headers)
