"""Tokens of an issuer: what is believed, what is refused, and keys that rotate or cannot be fetched."""

import asyncio
import json
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1
from cryptography.hazmat.primitives.asymmetric.ec import generate_private_key as new_curve_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from lrs_adapter.access.credentials import Credential, CredentialsFile, parse_credentials
from lrs_adapter.access.jwks import FRESH_S, PAUSE_S, USABLE_S
from lrs_adapter.access.tokens import TokenCheck, is_token
from lrs_adapter.wire.problems import Problem
from tests.contract.adapter_kit import until
from tests.integration.issuer_kit import (
    AUDIENCE,
    ISSUER,
    KeyServer,
    claims,
    key_server,
    new_key,
    public,
    token,
)

KEY, OTHER_KEY = new_key(), new_key()
MOODLE = {"name": "moodle", "token": {"issuer": "idp", "value": "moodle"}, "scopes": ["statements/write"]}
STRANGER_KEY = json.loads('{"kty": "oct", "kid": "one", "k": "c2VjcmV0"}')


class _Clock:
    def __init__(self) -> None:
        self.now = 5000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def server() -> Iterator[KeyServer]:
    with key_server(public(KEY, "one")) as served:
        yield served


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient() as client:
        yield client


def _file(server: KeyServer, *credentials: dict[str, Any], **changes: Any) -> CredentialsFile:
    issuer = {"name": "idp", "issuer": ISSUER, "audience": AUDIENCE, "jwks_url": server.url, **changes}
    text = json.dumps({"credentials": credentials or (MOODLE,), "issuers": [issuer]})
    return parse_credentials(text, "file")


def _is_refused(found: Credential | Problem) -> bool:
    return (
        isinstance(found, Problem)
        and found.status == 401
        and "invalid_token" in found.headers["www-authenticate"]
    )


def _unsigned(**changes: Any) -> str:
    parts = ({"alg": "none", "kid": "one"}, claims(**changes))
    return ".".join(urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts) + "."


async def test_a_good_token_is_its_credential(server: KeyServer, http: httpx.AsyncClient) -> None:
    check = TokenCheck(_file(server), http, _Clock())
    for _ in range(3):
        found = await check.authenticate(token(KEY))
        assert isinstance(found, Credential)
        assert (found.name, set(found.scopes)) == ("moodle", {"statements/write"})
    assert server.asked == 1


@pytest.mark.parametrize(
    ("held", "said", "scope_claim", "granted"),
    [
        (["all"], "statements/write email", "scope", {"statements/write"}),
        (["statements/write"], ["statements/write", "statements/void", 7], "scope", {"statements/write"}),
        (["statements/write"], "all", "scope", {"statements/write"}),
        (["statements/write"], None, "scope", set()),
        (["statements/write"], 5, "scope", set()),
        (["statements/write"], None, None, {"statements/write"}),
    ],
)
async def test_rights_are_those_of_both(
    server: KeyServer,
    http: httpx.AsyncClient,
    held: list[str],
    said: object,
    scope_claim: str | None,
    granted: set[str],
) -> None:
    check = TokenCheck(_file(server, MOODLE | {"scopes": held}, scope_claim=scope_claim), http, _Clock())
    found = await check.authenticate(token(KEY, scope=said))
    assert isinstance(found, Credential)
    assert found.scopes == granted


@pytest.mark.parametrize(
    "changes",
    [
        {"exp": 1_000_000_000},
        {"exp": None},
        {"exp": "soon"},
        {"exp": 1e400},
        {"nbf": 4_000_000_000},
        {"aud": "another"},
        {"aud": None},
        {"aud": [7]},
        {"iss": "https://evil.example.com/"},
        {"iss": None},
        {"sub": "nobody"},
        {"sub": ["moodle"]},
        {"sub": None},
    ],
    ids=str,
)
async def test_claims_that_are_not_for_us(
    server: KeyServer, http: httpx.AsyncClient, changes: dict[str, Any]
) -> None:
    check = TokenCheck(_file(server), http, _Clock())
    assert _is_refused(await check.authenticate(token(KEY, **changes)))


async def test_no_other_key_and_no_other_algorithm(server: KeyServer, http: httpx.AsyncClient) -> None:
    server.keys.append(public(KEY, "bare", alg=None) | {"alg": "RS256"})
    server.keys.append(STRANGER_KEY | {"kid": "shared"})
    check = TokenCheck(_file(server), http, _Clock())
    pem = KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    text = urlsafe_b64encode(pem).decode()
    for forged in (
        token(OTHER_KEY),
        token(KEY, algorithm="RS384"),
        token(KEY, algorithm="PS256"),
        token(new_curve_key(SECP256R1()), algorithm="ES256"),
        token(text, algorithm="HS256"),  # the public key, in an encoding of it, as a shared secret
        token("c2VjcmV0" * 6, kid="shared", algorithm="HS256"),
        token(KEY, kid="shared"),
        _unsigned(),
        token(KEY)[:-4] + "AAAA",
        token(KEY) + ".",
    ):
        assert _is_refused(await check.authenticate(forged))


@pytest.mark.parametrize(
    "header", [{"crit": ["x"], "x": 1}, {"b64": False, "crit": ["b64"]}, {"jku": "http://x"}]
)
async def test_headers_that_would_change_the_rules(
    server: KeyServer, http: httpx.AsyncClient, header: dict[str, Any]
) -> None:
    check = TokenCheck(_file(server), http, _Clock())
    head, _, rest = token(KEY).partition(".")
    made = (
        urlsafe_b64encode(json.dumps({"alg": "RS256", "kid": "one", **header}).encode()).decode().rstrip("=")
    )
    assert made != head
    assert _is_refused(await check.authenticate(f"{made}.{rest}"))


@pytest.mark.parametrize(
    "segment", [b"[" * 5000, b'{"iss":' * 900, b"\xff", b"{}", b"7", b'{"iss":"' + ISSUER.encode() + b'"}']
)
async def test_nonsense_is_refused(server: KeyServer, http: httpx.AsyncClient, segment: bytes) -> None:
    check = TokenCheck(_file(server), http, _Clock())
    part = urlsafe_b64encode(segment).decode().rstrip("=")
    head, body, signature = token(KEY).split(".")
    for made in (
        f"{part}.{body}.{signature}",
        f"{head}.{part}.{signature}",
        f"{part}.{part}.{part}",
        "..",
        "",
    ):
        assert _is_refused(await check.authenticate(made))


async def test_a_short_key_is_not_believed(server: KeyServer, http: httpx.AsyncClient) -> None:
    weak = new_key(1024)
    server.keys = [public(weak, "one")]
    with pytest.warns(Warning, match="key"):
        made = token(weak)
    assert _is_refused(await TokenCheck(_file(server), http, _Clock()).authenticate(made))


async def test_without_a_key_id_the_only_key_counts(server: KeyServer, http: httpx.AsyncClient) -> None:
    clock = _Clock()
    check = TokenCheck(_file(server), http, clock)
    assert isinstance(await check.authenticate(token(KEY, kid=None)), Credential)
    server.keys.append(public(OTHER_KEY, "two"))
    clock.now += FRESH_S + 1
    assert _is_refused(await check.authenticate(token(KEY, kid=None)))


async def test_keys_rotate(server: KeyServer, http: httpx.AsyncClient) -> None:
    clock = _Clock()
    check = TokenCheck(_file(server), http, clock)
    assert isinstance(await check.authenticate(token(KEY)), Credential)
    server.keys = [public(OTHER_KEY, "two")]
    assert _is_refused(await check.authenticate(token(OTHER_KEY, kid="two")))  # asked a moment ago
    clock.now += PAUSE_S
    assert isinstance(await check.authenticate(token(OTHER_KEY, kid="two")), Credential)
    assert _is_refused(await check.authenticate(token(KEY)))
    assert server.asked == 2


async def test_a_key_that_was_taken_back_goes(server: KeyServer, http: httpx.AsyncClient) -> None:
    clock = _Clock()
    check = TokenCheck(_file(server), http, clock)
    assert isinstance(await check.authenticate(token(KEY)), Credential)
    server.keys = []
    clock.now += FRESH_S + 1
    assert _is_refused(await check.authenticate(token(KEY)))


async def test_strangers_cannot_make_us_ask_without_end(server: KeyServer, http: httpx.AsyncClient) -> None:
    check = TokenCheck(_file(server), http, _Clock())
    made = [token(OTHER_KEY, kid=f"made up {number}") for number in range(20)]
    found = await asyncio.gather(*(check.authenticate(one) for one in made))
    assert all(_is_refused(one) for one in found)
    assert server.asked == 1


@pytest.mark.parametrize(
    ("status", "body"),
    [(500, None), (302, None), (200, b"<html>"), (200, b"[]"), (200, b"{}"), (200, b"[" * 300_000)],
    ids=["500", "redirect", "html", "array", "object", "too long"],
)
async def test_an_issuer_in_trouble_leaves_the_known_keys_in_use(
    server: KeyServer, http: httpx.AsyncClient, status: int, body: bytes | None
) -> None:
    clock = _Clock()
    check = TokenCheck(_file(server), http, clock)
    good = token(KEY)
    assert isinstance(await check.authenticate(good), Credential)
    server.status, server.body = status, body
    clock.now += FRESH_S + 1
    assert isinstance(await check.authenticate(good), Credential)
    unknown = await check.authenticate(token(OTHER_KEY, kid="two"))
    assert isinstance(unknown, Problem)
    assert (unknown.status, unknown.code) == (503, "issuer-not-reached")
    clock.now += USABLE_S
    too_old = await check.authenticate(good)
    assert isinstance(too_old, Problem)
    assert too_old.status == 503
    server.status, server.body = 200, None
    clock.now += PAUSE_S
    assert isinstance(await check.authenticate(good), Credential)


async def test_an_issuer_that_is_slow_holds_up_one_request_alone(
    server: KeyServer, http: httpx.AsyncClient
) -> None:
    clock = _Clock()
    check = TokenCheck(_file(server), http, clock)
    good = token(KEY)
    await check.authenticate(good)
    server.go_on.clear()
    clock.now += FRESH_S + 1
    first = asyncio.create_task(check.authenticate(good))
    await asyncio.to_thread(until, lambda: server.asked == 2, 10)
    assert isinstance(await check.authenticate(good), Credential)
    assert not first.done()
    assert isinstance(await first, Credential)


async def test_an_issuer_that_is_down_from_the_start(http: httpx.AsyncClient) -> None:
    with key_server() as gone:
        pass
    found = await TokenCheck(_file(gone), http, _Clock()).authenticate(token(KEY))
    assert isinstance(found, Problem)
    assert (found.status, found.retry_after_s) == (503, PAUSE_S)


async def test_known_keys_outlast_a_reload(server: KeyServer, http: httpx.AsyncClient) -> None:
    clock = _Clock()
    first = TokenCheck(_file(server), http, clock)
    await first.authenticate(token(KEY))
    second = TokenCheck(_file(server, MOODLE | {"scopes": ["all"]}), http, clock, first)
    assert isinstance(await second.authenticate(token(KEY)), Credential)
    assert server.asked == 1


def test_what_looks_like_a_token() -> None:
    assert is_token(token(KEY))
    assert is_token(_unsigned())
    assert not any(is_token(text) for text in ("key.secret", "a.key.secret", "a.b.c.d", ""))
