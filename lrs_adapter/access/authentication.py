"""HTTP authentication against the credentials file: Basic (RFC 7617) and Bearer tokens (RFC 6750).

A Bearer token is a JSON Web Token of an issuer that the file names (`lrs_adapter.access.tokens`), or a
static one: the credential's key, a dot, and its secret, where the secret has no dot. The file holds the same
hash for Basic and static tokens.

A guess costs a scrypt run, whether the key is known or not; two run at a time, and a hundred may wait. A
secret that was right is remembered in memory as a digest under a key made at start, so that a busy sender
pays once and not with every request.
"""

import asyncio
import binascii
import hmac
import secrets
import time
from base64 import b64decode
from collections.abc import Iterable
from functools import cache
from hashlib import sha256

import httpx

from lrs_adapter.access.credentials import Credential, CredentialsFile
from lrs_adapter.access.secret_hash import SecretHash, hash_secret, parse_hash
from lrs_adapter.access.tokens import TokenCheck, is_token
from lrs_adapter.wire.problems import Problem, unauthenticated, unavailable

_HASHES_AT_ONCE = 2
_MOST_WAITING = 100
_BUSY = unavailable("guesses", "Too many secrets are being checked. Nothing was kept.", 2.0)
_CHALLENGE = 'Basic realm="xapi", charset="UTF-8", Bearer realm="xapi"'


class Authenticator:
    """Decides who a request comes from, by the credentials that are in force.

    State: the credentials; digests of secrets that were right and the keys of issuers, for this process
    only. On failure: a `Problem` 401 that does not say whether the key or the secret was wrong, or 503 while
    an issuer's keys cannot be fetched.
    """

    def __init__(self, file: CredentialsFile, http: httpx.AsyncClient) -> None:
        self._http = http
        self._secrets = SecretCheck(file.credentials)
        self._tokens = TokenCheck(file, http, time.monotonic)

    def replace(self, file: CredentialsFile) -> None:
        """Put other credentials in force, for the requests that come from now on."""
        self._secrets = SecretCheck(file.credentials)
        self._tokens = TokenCheck(file, self._http, time.monotonic, self._tokens)

    async def authenticate(self, header: str | None) -> Credential | Problem:
        """The credential behind an `Authorization` header."""
        token = _scheme(header, "bearer")
        if token is not None and is_token(token):
            return await self._tokens.authenticate(token)
        pair = basic_pair(header) or bearer_pair(header)
        if pair is None:
            return unauthenticated("Send HTTP Basic credentials or a Bearer token.", _CHALLENGE)
        return await self._secrets.authenticate(*pair)


class SecretCheck:
    """Checks keys and secrets."""

    def __init__(self, credentials: Iterable[Credential]) -> None:
        self._by_key = {one.key: one for one in credentials if one.key is not None}
        self._hashes = {key: parse_hash(one.secret or "") for key, one in self._by_key.items()}
        self._digest_key = secrets.token_bytes(32)
        self._remembered: dict[str, bytes] = {}
        self._turns = asyncio.Semaphore(_HASHES_AT_ONCE)
        self._waiting = 0

    async def authenticate(self, key: str, secret: str) -> Credential | Problem:
        """The credential with this key, if the secret is its own."""
        digest = hmac.digest(self._digest_key, secret.encode(), sha256)
        credential = self._by_key.get(key)
        if credential and hmac.compare_digest(self._remembered.get(key, b""), digest):
            return credential
        if self._waiting >= _MOST_WAITING:
            return _BUSY
        if await self._matches(self._hashes.get(key, _nobody()), secret) and credential:
            self._remembered[key] = digest
            return credential
        return unauthenticated(
            "The credentials are not right.", _CHALLENGE, credential.name if credential else ""
        )

    async def _matches(self, stored: SecretHash, secret: str) -> bool:
        self._waiting += 1
        try:
            async with self._turns:
                return await asyncio.to_thread(stored.matches, secret)
        finally:
            self._waiting -= 1


@cache
def _nobody() -> SecretHash:
    """What a secret for an unknown key is checked against, so that it takes as long as for a known one."""
    return parse_hash(hash_secret(secrets.token_hex(16)))


def basic_pair(header: str | None) -> tuple[str, str] | None:
    """Key and secret of a Basic `Authorization` header; None for any other header."""
    encoded = _scheme(header, "basic")
    try:
        key, colon, secret = b64decode(encoded or "", validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return None
    return (key, secret) if colon else None


def bearer_pair(header: str | None) -> tuple[str, str] | None:
    """Key and secret of a static Bearer token; None for any other header."""
    key, dot, secret = (_scheme(header, "bearer") or "").rpartition(".")
    return (key, secret) if dot else None


def _scheme(header: str | None, scheme: str) -> str | None:
    """What follows the scheme; None if the header is of another one."""
    named, _, rest = (header or "").partition(" ")
    return rest.strip() if named.lower() == scheme else None
