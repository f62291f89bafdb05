"""Multipart bodies, taken apart."""

import pytest

from lrs_adapter.wire.multipart import Part, Unreadable, split_parts

FIRST = b"--b\r\nContent-Type:application/json\r\n\r\n[]"
CONTENT = b"\r\nline\r\n--b0\r\n-\r\n\x00\xff"
ATTACHMENT = b"\r\n--b\r\nContent-Type: text/plain\r\nX-Experience-API-Hash:  abc \r\n\r\n" + CONTENT


def _parts(body: bytes, limit: int = 10) -> list[Part]:
    parts = split_parts(body, "b", limit)
    assert not isinstance(parts, Unreadable), parts
    return parts


def _refusal(body: bytes, limit: int = 10) -> str:
    outcome = split_parts(body, "b", limit)
    assert isinstance(outcome, Unreadable)
    return outcome.detail


@pytest.mark.parametrize("end", [b"\r\n--b--", b"\r\n--b--\r\n", b"\r\n--b--\r\nan epilogue"])
@pytest.mark.parametrize("start", [b"", b"\r\n"])
def test_one_part(start: bytes, end: bytes) -> None:
    (part,) = _parts(start + FIRST + end)
    assert (part.media_type, part.content) == ("application/json", b"[]")


def test_octets_stay_as_they_are() -> None:
    _, attachment = _parts(FIRST + ATTACHMENT + b"\r\n--b--")
    assert attachment.headers == {"content-type": "text/plain", "x-experience-api-hash": "abc"}
    assert attachment.content == CONTENT


def test_an_empty_part_and_a_nested_message_are_octets_too() -> None:
    nested = b"\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: x\r\n\r\ny"
    parts = _parts(FIRST + b"\r\n--b\r\n\r\n" + nested + b"\r\n--b--")
    assert [part.content for part in parts] == [b"[]", b"", b"Subject: x\r\n\r\ny"]
    assert parts[1].media_type == ""


@pytest.mark.parametrize("body", [b"", FIRST, FIRST + b"\r\n--b\r\n", FIRST + b"\r\n--b-"])
def test_a_body_that_ends_too_early(body: bytes) -> None:
    assert _refusal(body) == "The closing boundary is missing"


@pytest.mark.parametrize(
    "body",
    [
        b"Content-Type: application/json\r\n\r\n[]\r\n--b--",
        b"--other\r\n\r\n\r\n--other--",
        b"--b\n\n[]\n--b--",
        b"--b\r\nno header\r\n\r\n[]\r\n--b--",
        b"--b\r\nX-A: " + b"x" * 10_000 + b"\r\n\r\n[]\r\n--b--",
        b"--b\r\n" + b"".join(b"X-%d: x\r\n" % number for number in range(20)) + b"\r\n[]\r\n--b--",
    ],
)
def test_what_is_no_multipart_body(body: bytes) -> None:
    assert _refusal(body)


def test_a_header_named_twice() -> None:
    body = b"--b\r\nContent-Type: a/b\r\ncontent-type: c/d\r\n\r\n[]\r\n--b--"
    assert _refusal(body) == "Part 0, counted from 0, has a header more than once"


def test_too_many_parts() -> None:
    body = FIRST + 2 * b"\r\n--b\r\n\r\nx" + b"\r\n--b--"
    assert len(_parts(body, 3)) == 3
    assert _refusal(body, 2) == "There may be 2 parts at most"
