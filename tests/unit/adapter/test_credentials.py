"""Credentials: the file, the hashes, and who a request comes from."""

import json
from base64 import b64encode
from pathlib import Path
from typing import Any

import httpx
import pytest

from lrs_adapter.access.authentication import Authenticator, basic_pair, bearer_pair
from lrs_adapter.access.credentials import Credential, RateLimit, parse_credentials, read_file
from lrs_adapter.access.secret_hash import hash_secret, parse_hash
from lrs_adapter.wire.problems import Problem
from schemas.errors import ConfigError
from schemas.mounts import Mount, parse_mounts

SECRET = "correct horse: battery ✓"
HASH = hash_secret(SECRET)
LMS: dict[str, Any] = {"name": "lms", "key": "lms-key", "secret": HASH, "scopes": ["statements/write"]}


def _file(*credentials: dict[str, Any]) -> str:
    return json.dumps({"credentials": credentials})


def _problems(text: str) -> tuple[str, ...]:
    with pytest.raises(ConfigError) as caught:
        parse_credentials(text, "file")
    return caught.value.problems


def _header(key: str, secret: str) -> str:
    return "Basic " + b64encode(f"{key}:{secret}".encode()).decode()


def test_a_hash_matches_its_secret_alone() -> None:
    assert parse_hash(HASH).matches(SECRET)
    assert not parse_hash(HASH).matches(SECRET + " ")
    assert hash_secret(SECRET) != HASH


@pytest.mark.parametrize(
    "text",
    ["", "secret", "bcrypt$14$8$1$AAAA$AAAA", HASH.replace("$14$", "$30$"), HASH[:-8], "scrypt$14$8$1$AA$AA"],
    ids=["empty", "plain", "other scheme", "too costly", "cut short", "too short"],
)
def test_what_is_no_hash(text: str) -> None:
    with pytest.raises(ValueError, match="not a secret hash"):
        parse_hash(text)


def test_the_defaults_are_strict() -> None:
    (credential,) = parse_credentials(_file(LMS), "file").credentials
    assert (credential.mode, credential.default_version, credential.sample) == ("strict", "1.0.3", False)
    assert (credential.accept_good, credential.rate_limit) == (False, None)


def test_mounts_are_prefixes_that_are_served() -> None:
    text = _file(LMS | {"mounts": ["/xapi", "/v2/xapi"]})
    (credential,) = parse_credentials(text, "file", parse_mounts("/xapi,/v1/xapi,/v2/xapi")).credentials
    assert [credential.may_use(Mount(prefix)) for prefix in ("/xapi", "/v1/xapi")] == [True, False]
    with pytest.raises(ConfigError) as caught:
        parse_credentials(text, "file", parse_mounts("/xapi"))
    assert caught.value.problems == ("lms: no mount is served at /v2/xapi",)
    assert "mounts" in _problems(_file(LMS | {"mounts": ["xapi"]}))[0]
    assert "mounts" in _problems(_file(LMS | {"mounts": []}))[0]


def test_scopes() -> None:
    writer, everything = parse_credentials(
        _file(LMS, LMS | {"name": "all", "key": "all", "scopes": ["all"]}), "file"
    ).credentials
    assert [writer.may("statements/write"), writer.may("statements/void")] == [True, False]
    assert everything.may("statements/void")


def test_rate_limits() -> None:
    limited = LMS | {"rate_limit": {"per_second": 2.5, "burst": 100}}
    (credential,) = parse_credentials(_file(limited), "file").credentials
    assert credential.rate_limit == RateLimit(per_second=2.5, burst=100)
    problems = _problems(_file(LMS | {"rate_limit": {"per_second": 0, "burst": 0}}))
    assert [problem.partition(":")[0] for problem in problems] == [
        "credentials/0/rate_limit/per_second",
        "credentials/0/rate_limit/burst",
    ]


def test_every_problem_is_named_and_no_secret() -> None:
    problems = _problems(
        _file(LMS | {"scopes": ["root"], "secret": "in the clear"}, LMS | {"colour": "red", "key": "a:b"})
    )
    text = "\n".join(problems)
    for place in ("0/scopes/0", "0/secret", "1/colour", "1/key"):
        assert f"credentials/{place}" in text
    assert "in the clear" not in text


@pytest.mark.parametrize("field", ["name", "key"])
def test_names_and_keys_are_unique(field: str) -> None:
    other = LMS | {"name": "other", "key": "other"} | {field: LMS[field]}
    (problem,) = _problems(_file(LMS, other))
    assert f"{field} used more than once: {LMS[field]}" in problem


def test_a_file_that_is_not_there() -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        read_file(Path("/nowhere/credentials.json"))


def test_the_shipped_file_holds_only_samples() -> None:
    path = Path(__file__).parents[3] / "config/credentials.json"
    credentials = parse_credentials(read_file(path), str(path)).credentials
    assert [(credential.name, credential.sample) for credential in credentials] == [("demo", True)]
    assert parse_hash(credentials[0].secret or "").matches("demo-secret-change-me")


@pytest.mark.parametrize(
    ("header", "pair"),
    [
        (_header("key", "a:b"), ("key", "a:b")),
        (_header("key", ""), ("key", "")),
        (_header("key", SECRET).replace("Basic", "basic"), ("key", SECRET)),
        (None, None),
        ("", None),
        ("Basic", None),
        ("Basic !!!", None),
        ("Basic " + b64encode(b"no colon").decode(), None),
        ("Basic " + b64encode(b"\xff:\xff").decode(), None),
        ("Bearer abc", None),
    ],
)
def test_basic_headers(header: str | None, pair: tuple[str, str] | None) -> None:
    assert basic_pair(header) == pair


@pytest.mark.parametrize(
    ("header", "pair"),
    [
        ("Bearer key.secret", ("key", "secret")),
        ("bearer  the.key.secret ", ("the.key", "secret")),
        ("Bearer secret", None),
        ("Bearer", None),
        ("Basic key.secret", None),
        (None, None),
    ],
)
def test_bearer_headers(header: str | None, pair: tuple[str, str] | None) -> None:
    assert bearer_pair(header) == pair


@pytest.mark.parametrize("header", [_header("lms-key", SECRET), f"Bearer lms-key.{SECRET}"])
async def test_who_a_request_comes_from(header: str) -> None:
    authenticator = Authenticator(parse_credentials(_file(LMS), "file"), httpx.AsyncClient())
    for _ in range(3):
        found = await authenticator.authenticate(header)
        assert isinstance(found, Credential)
        assert found.name == "lms"


@pytest.mark.parametrize(
    "header",
    [
        None,
        _header("lms-key", "wrong"),
        _header("nobody", SECRET),
        _header("lms-key", ""),
        "Bearer x",
        "Bearer lms-key.wrong",
        f"Bearer nobody.{SECRET}",
        _header("", ""),
    ],
)
async def test_who_it_does_not_come_from(header: str | None) -> None:
    authenticator = Authenticator(parse_credentials(_file(LMS), "file"), httpx.AsyncClient())
    await authenticator.authenticate(_header("lms-key", SECRET))
    found = await authenticator.authenticate(header)
    assert isinstance(found, Problem)
    assert (found.status, found.code) == (401, "unauthenticated")
    assert "www-authenticate" in found.headers
