"""Access tokens: JSON Web Tokens (RFC 7519) of the issuers that the credentials file names.

A token is believed if its signature is by a key of its issuer, by that issuer's algorithm, and `iss`, `aud`,
`exp` and `nbf` say that it is for us and for now (RFC 8725, RFC 9068). Which credential it stands for is told
by a claim; its rights are those that the credential and the token both have.
"""

from collections.abc import Callable, Mapping
from typing import Any

import httpx
import jwt
import orjson
from jwt.utils import base64url_decode

from lrs_adapter.access.credentials import SCOPES, Credential, CredentialsFile, Scope
from lrs_adapter.access.issuers import Issuer
from lrs_adapter.access.jwks import KeySource
from lrs_adapter.wire.problems import Problem, unauthenticated

_LONGEST = 16_384
_REQUIRED = ["exp", "iss", "aud"]

Claims = Mapping[str, Any]


class TokenCheck:
    """Decides whose a token is. `previous` hands on the keys of issuers that stay as they are."""

    def __init__(
        self,
        file: CredentialsFile,
        http: httpx.AsyncClient,
        clock: Callable[[], float],
        previous: "TokenCheck | None" = None,
    ) -> None:
        known = {} if previous is None else previous.sources
        self.sources: Mapping[Issuer, KeySource] = {
            one: known.get(one) or KeySource(one, http, clock) for one in file.issuers
        }
        self._issuers = {one.issuer: one for one in file.issuers}
        self._senders = [one for one in file.credentials if one.token is not None]

    async def authenticate(self, token: str) -> Credential | Problem:
        """The credential that the token stands for, with the rights that both have."""
        if len(token) > _LONGEST:
            return _refused()
        issuer = self._issuers.get(str(_segment(token, 1).get("iss")))
        if issuer is None:
            return _refused()
        claims = await self._claims(token, issuer)
        return claims if isinstance(claims, Problem) else self._sender(claims, issuer)

    async def _claims(self, token: str, issuer: Issuer) -> Claims | Problem:
        kid = _segment(token, 0).get("kid")
        key = await self.sources[issuer].find(kid if isinstance(kid, str) else None)
        if not isinstance(key, jwt.PyJWK):
            return key or _refused()
        try:
            return jwt.decode(
                token,
                key,
                algorithms=[issuer.algorithm],
                issuer=issuer.issuer,
                audience=issuer.audience,
                leeway=issuer.leeway_s,
                options={"require": _REQUIRED, "enforce_minimum_key_length": True},
            )
        except (jwt.PyJWTError, ValueError, RecursionError):
            return _refused()

    def _sender(self, claims: Claims, issuer: Issuer) -> Credential | Problem:
        for sender in self._senders:
            if _is_of(sender, claims, issuer):
                granted = sender.scopes if issuer.scope_claim is None else _granted(sender, claims, issuer)
                return sender.model_copy(update={"scopes": granted})
        return _refused("The token is right and stands for no credential here.")


def is_token(text: str) -> bool:
    """Whether a Bearer token has the form of a JSON Web Token; a static one of ours has not."""
    return text.count(".") == 2 and "alg" in _segment(text, 0)


def _segment(token: str, index: int) -> dict[str, Any]:
    """What a segment says, not believed yet; empty if it is no JSON object."""
    try:
        value = orjson.loads(base64url_decode(token.split(".")[index]))
    except (ValueError, IndexError):
        return {}
    return value if isinstance(value, dict) else {}


def _is_of(sender: Credential, claims: Claims, issuer: Issuer) -> bool:
    rule = sender.token
    return rule is not None and rule.issuer == issuer.name and claims.get(rule.claim) == rule.value


def _granted(sender: Credential, claims: Claims, issuer: Issuer) -> frozenset[Scope]:
    """The rights that credential and token both have; `all` has every one."""
    said = claims.get(issuer.scope_claim or "", ())
    listed = said.split() if isinstance(said, str) else said if isinstance(said, list) else ()
    named: frozenset[Scope] = frozenset(scope for scope in SCOPES if scope in listed)
    if "all" in named:
        return sender.scopes
    return named if "all" in sender.scopes else named & sender.scopes


def _refused(detail: str = "The token is not right.") -> Problem:
    return unauthenticated(detail, 'Bearer realm="xapi", error="invalid_token"')
