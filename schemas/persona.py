"""Personas: the canonical key of an xAPI identifier (IFI) and the pseudonymous id made from it.

A persona is one identifier of somebody; which person it belongs to is decided later, by links. The id is
an HMAC under the tenant's key, so nothing downstream carries an address, and two tenants cannot compare
theirs.

Sources: xAPI 1.0.3 Part Two 2.4.2.3 (inverse functional identifiers), RFC 3986 section 6.2.2 and 6.2.3
(URI normalisation), RFC 5891 (IDNA).
"""

import hmac
import re
import unicodedata
from base64 import b32encode
from collections.abc import Mapping
from hashlib import sha1, sha256
from string import ascii_letters, digits
from typing import Any
from urllib.parse import unquote, urlsplit, urlunsplit

import idna

from schemas.short_cache import cached_if_short

_SEPARATOR = "\x1f"
_DEFAULT_PORTS = {"http": 80, "https": 443}
_ID_LENGTH = 26
_ESCAPE = re.compile("%([0-9A-Fa-f]{2})")
_UNRESERVED = frozenset(ascii_letters + digits + "-._~")


@cached_if_short(most=50_000)
def email_iri(address: str) -> str:
    """`mailto:` IRI of an e-mail address: NFC lower-case local part, lower-case IDNA domain."""
    local, at, domain = unicodedata.normalize("NFC", address.strip()).rpartition("@")
    if not at:
        return f"mailto:{domain.lower()}"
    return f"mailto:{local.lower()}@{_domain(domain)}"


def _domain(domain: str) -> str:
    lowered = domain.lower()
    if lowered.isascii():
        return lowered
    try:
        return idna.encode(lowered, uts46=True).decode()
    except idna.IDNAError:
        return lowered


@cached_if_short(most=10_000)
def _normal_uri(uri: str) -> str:
    """Lower scheme and host, default port dropped, path kept (RFC 3986 6.2.2.1, 6.2.3)."""
    try:
        parts = urlsplit(uri.strip())
        host, port = parts.hostname, parts.port
    except ValueError:
        return uri.strip()
    if not host:
        return uri.strip()
    user = f"{parts.netloc.rpartition('@')[0]}@" if "@" in parts.netloc else ""
    shown = f"[{host}]" if ":" in host else _domain(unquote(host))
    suffix = "" if port is None or port == _DEFAULT_PORTS.get(parts.scheme.lower()) else f":{port}"
    return urlunsplit(
        (parts.scheme.lower(), f"{user}{shown}{suffix}", parts.path, parts.query, parts.fragment)
    )


def _normal_openid(uri: str) -> str:
    """All of RFC 3986 6.2.2 and 6.2.3: also percent-encodings, dot segments and an empty path."""
    normal = _normal_uri(uri)
    try:
        parts = urlsplit(normal)
    except ValueError:
        return normal
    if not parts.netloc:
        return normal
    path = _without_dots(_escaped_alike(parts.path)) or "/"
    return urlunsplit(parts._replace(path=path, query=_escaped_alike(parts.query)))


def _escaped_alike(text: str) -> str:
    """Percent-encodings in upper case, and none of characters that need none."""

    def alike(match: re.Match[str]) -> str:
        character = chr(int(match[1], 16))
        return character if character in _UNRESERVED else match[0].upper()

    return _ESCAPE.sub(alike, text)


def _without_dots(path: str) -> str:
    kept: list[str] = []
    for segment in path.split("/"):
        if segment == "..":
            kept = kept[:-1] if len(kept) > 1 else kept
        elif segment != ".":
            kept.append(segment)
    return "/".join([*kept, ""] if path.endswith(("/.", "/..")) else kept)


def email_key(address: str) -> str:
    """Canonical key of an e-mail address."""
    return f"mbox|{email_iri(address)}"


def email_sha1_key(address: str) -> str:
    """Canonical key of the SHA-1 that a sender would give instead of the address."""
    return f"mbox_sha1sum|{sha1(email_iri(address).encode(), usedforsecurity=False).hexdigest()}"


def account_key(home_page: str, name: str) -> str:
    """Canonical key of an account. The home page stays: two systems both have a "student1"."""
    return f"account|{_normal_uri(home_page)}{_SEPARATOR}{name}"


def canonical_key(actor: Mapping[str, Any]) -> str | None:
    """`type|value` of the actor's identifier, or None for an actor without one (an anonymous group)."""
    if mbox := actor.get("mbox"):
        return email_key(str(mbox)[len("mailto:") :])
    if digest := actor.get("mbox_sha1sum"):
        return f"mbox_sha1sum|{str(digest).lower()}"
    if openid := actor.get("openid"):
        return f"openid|{_normal_openid(str(openid))}"
    account = actor.get("account")
    if isinstance(account, Mapping):
        return account_key(str(account.get("homePage", "")), str(account.get("name", "")))
    return None


def _pseudonym(tenant_key: bytes, text: str) -> str:
    digest = hmac.digest(tenant_key, text.encode(), sha256)
    return b32encode(digest)[:_ID_LENGTH].decode().lower()


@cached_if_short(most=100_000)
def persona_id(tenant_key: bytes, key: str) -> str:
    """26 lower-case base32 characters: HMAC-SHA256 of the canonical key under the tenant's key."""
    return _pseudonym(tenant_key, f"v1|{key}")


def person_id(tenant_key: bytes, employee_id: str) -> str:
    """Pseudonymous id of the person that an HR system knows under `employee_id`."""
    return _pseudonym(tenant_key, f"v1|person|{employee_id.strip()}")
