"""The credentials file: who may send, with which rights, and how strictly they are held to the rules.

A JSON object `{"credentials": [...], "issuers": [...]}`; `readystream credentials hash` makes the value of
`secret`. The file holds no secret in the clear.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal, Self, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from lrs_adapter.access.issuers import Issuer, TokenRule
from lrs_adapter.access.secret_hash import parse_hash
from schemas.errors import ConfigError
from schemas.mounts import PREFIX_PATTERN, Mount

Scope = Literal["all", "statements/write", "statements/void", "statements/read/mine"]
SCOPES: tuple[Scope, ...] = get_args(Scope)
Prefix = Annotated[str, Field(pattern=f"^{PREFIX_PATTERN}$")]


def _checked_hash(text: str) -> str:
    parse_hash(text)
    return text


class RateLimit(BaseModel):
    """Statements a second in the long run, and how many at once after a pause."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    per_second: Annotated[float, Field(gt=0, allow_inf_nan=False)]
    burst: Annotated[int, Field(ge=1)]


class Credential(BaseModel):
    """One sender. It shows a `key` and a `secret`, or a token that `token` describes.

    `name` is what logs, metrics and records show. `strict` holds the sender to the specification's letter;
    `lenient` forgives a missing version header (`default_version` is assumed), a missing content type and a
    PUT without `statementId`. `accept_good` is for forwarders that never send again: the bad statements of a
    request go to the dead letters, and the good ones are kept. `mounts` are the prefixes that
    it may use, all of them unless given; `rate_limit` bounds what it may send. `sample` marks a credential
    whose secret is published.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
    key: Annotated[str, Field(min_length=1, max_length=256, pattern=r"^[^:\x00-\x1f]+$")] | None = None
    secret: Annotated[str, AfterValidator(_checked_hash)] | None = None
    token: TokenRule | None = None
    scopes: Annotated[frozenset[Scope], Field(min_length=1)]
    mode: Literal["strict", "lenient"] = "strict"
    default_version: Annotated[str, Field(pattern=r"^[12]\.0\.[0-9]{1,4}$")] = "1.0.3"
    accept_good: bool = False
    mounts: Annotated[frozenset[Prefix], Field(min_length=1)] | None = None
    rate_limit: RateLimit | None = None
    sample: bool = False
    note: str = ""

    @model_validator(mode="after")
    def _one_way_in(self) -> Self:
        if (self.key is None) != (self.secret is None) or (self.key is None) == (self.token is None):
            raise ValueError("has either key and secret, or token")
        return self

    def may(self, scope: Scope) -> bool:
        """Whether the sender has the right `scope`; `all` holds every right."""
        return scope in self.scopes or "all" in self.scopes

    def may_use(self, mount: Mount) -> bool:
        """Whether the sender may come to this mount."""
        return self.mounts is None or mount.prefix in self.mounts


class CredentialsFile(BaseModel):
    """The whole file: names and keys are unique, and tokens are of issuers that are there."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    credentials: tuple[Credential, ...]
    issuers: tuple[Issuer, ...] = ()

    @model_validator(mode="after")
    def _distinct(self) -> Self:
        rules = [one.token for one in self.credentials if one.token is not None]
        used: dict[str, list[Any]] = {
            "name": [one.name for one in self.credentials],
            "key": [one.key for one in self.credentials if one.key is not None],
            "token": rules,
            "name of an issuer": [one.name for one in self.issuers],
            "issuer": [one.issuer for one in self.issuers],
        }
        for what, values in used.items():
            if repeated := [str(value) for value, times in Counter(values).items() if times > 1]:
                raise ValueError(f"{what} used more than once: {', '.join(sorted(repeated))}")
        if unknown := {rule.issuer for rule in rules} - {one.name for one in self.issuers}:
            raise ValueError(f"no issuer has the name {', '.join(sorted(unknown))}")
        return self


def parse_credentials(
    text: str | bytes, source: str, mounts: Sequence[Mount] | None = None
) -> CredentialsFile:
    """Read the file's text. Raises `ConfigError` that names every problem and no secret.

    With `mounts`, those that are served, a credential for any other is a problem.
    """
    try:
        file = CredentialsFile.model_validate_json(text)
    except ValidationError as error:
        problems = [f"{_place(item['loc'])}: {item['msg']}" for item in error.errors(include_input=False)]
        raise ConfigError(source, problems) from None
    if mounts is not None and (problems := list(_unserved(file, {mount.prefix for mount in mounts}))):
        raise ConfigError(source, problems)
    return file


def _unserved(file: CredentialsFile, served: set[str]) -> Iterator[str]:
    for credential in file.credentials:
        for prefix in sorted((credential.mounts or frozenset()) - served):
            yield f"{credential.name}: no mount is served at {prefix}"


def read_file(path: Path) -> bytes:
    """The file's bytes. Raises `ConfigError` if it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise ConfigError(str(path), [f"cannot be read: {error.strerror}"]) from error


def _place(location: tuple[int | str, ...]) -> str:
    return "/".join(str(part) for part in location) or "file"
