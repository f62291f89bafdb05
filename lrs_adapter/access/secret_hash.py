"""Hashes of secrets: scrypt (RFC 7914) with a salt for each, in one printable string.

`scrypt$<log2 n>$<r>$<p>$<salt>$<hash>`, both in base64. One check takes some 50 ms and 16 MiB on purpose.
"""

import hmac
import secrets
from base64 import b64decode, b64encode
from dataclasses import dataclass
from hashlib import scrypt

_LOG2_N, _R, _P = 14, 8, 1
_SALT_LENGTH = _HASH_LENGTH = 32
_MEMORY_FACTOR = 256


@dataclass(frozen=True, slots=True)
class SecretHash:
    """A hash with the cost it was made at."""

    log2_n: int
    r: int
    p: int
    salt: bytes
    digest: bytes

    def matches(self, secret: str) -> bool:
        """Whether `secret` is the one; takes the same time whether it is or not."""
        made = _scrypt(secret, self.salt, self.log2_n, self.r, self.p)
        return hmac.compare_digest(made, self.digest)


def hash_secret(secret: str) -> str:
    """Hash `secret` under a fresh salt, as a string for the credentials file."""
    salt = secrets.token_bytes(_SALT_LENGTH)
    digest = _scrypt(secret, salt, _LOG2_N, _R, _P)
    return f"scrypt${_LOG2_N}${_R}${_P}${b64encode(salt).decode()}${b64encode(digest).decode()}"


def parse_hash(text: str) -> SecretHash:
    """Read what `hash_secret` wrote. Raises `ValueError` for anything else."""
    try:
        scheme, log2_n, r, p, salt, digest = text.split("$")
        parsed = SecretHash(
            int(log2_n), int(r), int(p), b64decode(salt, validate=True), b64decode(digest, validate=True)
        )
    except ValueError as error:
        raise ValueError("not a secret hash: expected scrypt$<log2 n>$<r>$<p>$<salt>$<hash>") from error
    if scheme != "scrypt" or not (10 <= parsed.log2_n <= 20 and 1 <= parsed.r <= 32 and 1 <= parsed.p <= 16):
        raise ValueError("not a secret hash: scheme or cost out of range")
    if len(parsed.salt) < 16 or len(parsed.digest) != _HASH_LENGTH:
        raise ValueError("not a secret hash: salt or hash too short")
    return parsed


def _scrypt(secret: str, salt: bytes, log2_n: int, r: int, p: int) -> bytes:
    n = 1 << log2_n
    return scrypt(
        secret.encode(), salt=salt, n=n, r=r, p=p, maxmem=_MEMORY_FACTOR * n * r * p, dklen=_HASH_LENGTH
    )
