"""HTTP authentication against the credentials file: Basic (RFC 7617) and static Bearer tokens (RFC 6750).

Every credential can be used in both ways: a Bearer token is its key, a dot, and its secret, where the secret
has no dot. The file holds the same hash for both.

A guess costs a scrypt run, whether the key is known or not. A secret that was right is remembered in memory
as a digest under a key made at start, so that a busy sender pays once and not with every request.
"""

import asyncio
import binascii
import hmac
import secrets
from base64 import b64decode
from collections.abc import Iterable
from hashlib import sha256

from lrs_adapter.credentials import Credential
from lrs_adapter.problems import Problem
from lrs_adapter.secret_hash import SecretHash, hash_secret, parse_hash

_HASHES_AT_ONCE = 2
_CHALLENGE = {"www-authenticate": 'Basic realm="xapi", charset="UTF-8", Bearer realm="xapi"'}


class Authenticator:
    """Decides who a request comes from.

    State: the credentials; digests of secrets that were right, for this process only. On failure: a
    `Problem` 401 that does not say whether the key or the secret was wrong.
    """

    def __init__(self, credentials: Iterable[Credential]) -> None:
        self._by_key = {credential.key: credential for credential in credentials}
        self._hashes = {key: parse_hash(credential.secret) for key, credential in self._by_key.items()}
        self._nobody = parse_hash(hash_secret(secrets.token_hex(16)))
        self._digest_key = secrets.token_bytes(32)
        self._remembered: dict[str, bytes] = {}
        self._turns = asyncio.Semaphore(_HASHES_AT_ONCE)

    async def authenticate(self, header: str | None) -> Credential | Problem:
        """The credential behind an `Authorization` header."""
        pair = basic_pair(header) or bearer_pair(header)
        if pair is None:
            return _unauthenticated("Send HTTP Basic credentials or a Bearer token.")
        key, secret = pair
        if await self._is_right(key, secret):
            return self._by_key[key]
        return _unauthenticated("The credentials are not right.")

    async def _is_right(self, key: str, secret: str) -> bool:
        digest = hmac.digest(self._digest_key, secret.encode(), sha256)
        if hmac.compare_digest(self._remembered.get(key, b""), digest):
            return True
        right = await self._check(self._hashes.get(key, self._nobody), secret) and key in self._hashes
        if right:
            self._remembered[key] = digest
        return right

    async def _check(self, stored: SecretHash, secret: str) -> bool:
        async with self._turns:
            return await asyncio.to_thread(stored.matches, secret)


def basic_pair(header: str | None) -> tuple[str, str] | None:
    """Key and secret of a Basic `Authorization` header; None for any other header."""
    scheme, _, encoded = (header or "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        key, colon, secret = b64decode(encoded.strip(), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return (key, secret) if colon else None


def bearer_pair(header: str | None) -> tuple[str, str] | None:
    """Key and secret of a Bearer `Authorization` header; None for any other header."""
    scheme, _, token = (header or "").partition(" ")
    key, dot, secret = token.strip().rpartition(".")
    return (key, secret) if scheme.lower() == "bearer" and dot else None


def _unauthenticated(detail: str) -> Problem:
    return Problem(401, "unauthenticated", "Who is sending?", detail, headers=_CHALLENGE)
