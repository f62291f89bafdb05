"""Issuers of access tokens, as the credentials file names them: OAuth 2.0 and OpenID Connect providers."""

from ipaddress import ip_address
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

Algorithm = Literal["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
"""Signatures by a key pair. Those by a shared secret are left out: the keys of an issuer are public."""


def _safe_address(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme == "https" and parts.hostname:
        return text
    if parts.scheme == "http" and parts.hostname and is_loopback(parts.hostname):
        return text
    raise ValueError("must be an https address; http only on this machine")


class Issuer(BaseModel):
    """Whose tokens are believed, for whom they must be made out, and where the keys are.

    `issuer` and `audience` must be the claims `iss` and `aud` of a token to the letter. All keys at
    `jwks_url` are used with `algorithm` alone, whatever a token's header says. `scope_claim` names the claim
    with the token's scopes, separated by blanks or as an array; null where the issuer knows nothing of ours.
    Clocks may differ by `leeway_s`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
    issuer: Annotated[str, Field(min_length=1)]
    audience: Annotated[str, Field(min_length=1)]
    jwks_url: Annotated[str, AfterValidator(_safe_address)]
    algorithm: Algorithm = "RS256"
    scope_claim: Annotated[str, Field(min_length=1)] | None = "scope"
    leeway_s: Annotated[float, Field(ge=0, le=300)] = 30.0


class TokenRule(BaseModel):
    """Which tokens are a credential's: those of the issuer called `issuer` whose `claim` is `value`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    issuer: str
    claim: Annotated[str, Field(min_length=1)] = "sub"
    value: Annotated[str, Field(min_length=1)]


def is_loopback(host: str) -> bool:
    """Whether a host name or address is this machine's own."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
