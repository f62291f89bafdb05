"""What counts as signed, and when."""

import hmac
from base64 import b64encode
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrs_adapter.access.webhook_signature import Seal, read_seal
from lrs_adapter.wire.problems import Problem
from schemas.webhook_signature import TOLERANCE_S, parse_secret, signed_headers

NOW = 1_793_620_800
SECRET, OTHER = b"a secret of these tests, long", b"another secret of these tests"


def _signature(secret: bytes, content: bytes) -> str:
    return "v1," + b64encode(hmac.digest(secret, content, sha256)).decode()


def _headers(body: bytes, secret: bytes = SECRET, at: int = NOW, **changes: str) -> dict[str, str]:
    made = {
        "webhook-id": "evt_1",
        "webhook-timestamp": str(at),
        "webhook-signature": _signature(secret, b"evt_1.%d.%s" % (at, body)),
    }
    return {**made, **{name.replace("_", "-"): value for name, value in changes.items()}}


def _seal(headers: dict[str, str], now: float = NOW) -> Seal:
    found = read_seal(headers, now)
    assert isinstance(found, Seal)
    return found


def test_the_example_of_the_specification() -> None:
    # https://www.standardwebhooks.com: the vector that its reference libraries are tested with
    secret = parse_secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    headers = {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }
    assert _seal(headers, 1614265330).fits(b'{"test": 2432232314}', [secret])


@given(st.binary(), st.binary())
def test_any_other_body_does_not_fit(body: bytes, other: bytes) -> None:
    seal = _seal(_headers(body))
    assert seal.fits(body, [OTHER, SECRET])
    assert seal.fits(other, [SECRET]) == (other == body)
    assert not seal.fits(body, [OTHER])
    assert not seal.fits(body, [])


def test_several_signatures_while_a_secret_changes() -> None:
    both = _signature(OTHER, b"x") + " v2,AAAA " + _headers(b"{}")["webhook-signature"]
    assert _seal(_headers(b"{}", webhook_signature=both)).fits(b"{}", [SECRET])


def test_id_and_time_are_signed_too() -> None:
    assert not _seal(_headers(b"{}", webhook_id="evt_2")).fits(b"{}", [SECRET])
    assert not _seal(_headers(b"{}", webhook_timestamp=str(NOW + 1))).fits(b"{}", [SECRET])


@pytest.mark.parametrize(("away", "is_taken"), [(0, True), (TOLERANCE_S, True), (TOLERANCE_S + 1, False)])
def test_a_timestamp_is_near_our_clock(away: int, is_taken: bool) -> None:
    for now in (NOW - away, NOW + away):
        found = read_seal(_headers(b""), now)
        assert isinstance(found, Seal) == is_taken
        if isinstance(found, Problem):
            assert (found.status, found.code) == (401, "webhook-stale")


@pytest.mark.parametrize(
    "changes",
    [
        {"webhook_id": ""},
        {"webhook_id": "a b"},
        {"webhook_id": "x" * 129},
        {"webhook_id": "../../etc/passwd"},
        {"webhook_timestamp": ""},
        {"webhook_timestamp": "-1"},
        {"webhook_timestamp": "1e9"},
        {"webhook_timestamp": "٣"},
        {"webhook_timestamp": "9" * 400},
        {"webhook_signature": ""},
        {"webhook_signature": "v1"},
        {"webhook_signature": "v1,"},
        {"webhook_signature": "v2,AAAA"},
        {"webhook_signature": "v1,ü"},
    ],
    ids=str,
)
def test_headers_that_are_none(changes: Any) -> None:
    found = read_seal(_headers(b"", **changes), NOW)
    assert isinstance(found, Problem)
    assert (found.status, found.code) == (401, "webhook-unsigned")


@given(st.binary(), st.integers(0, 10**9))
def test_what_we_sign_ourselves_fits(body: bytes, offset: int) -> None:
    identifier = f"marketplace:scores.readiness:0:3:{offset}"
    seal = _seal(signed_headers([OTHER, SECRET], identifier, NOW, body))
    assert seal.id == identifier
    assert seal.fits(body, [SECRET])
    assert seal.fits(body, [OTHER])
    assert not seal.fits(body, [b"neither"])
