"""The credentials file: who may send, with which rights, and how strictly they are held to the rules.

A JSON object `{"credentials": [...]}`; `readystream credentials hash` makes the value of `secret`. The file
holds no secret in the clear.
"""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from lrs_adapter.secret_hash import parse_hash
from schemas.errors import ConfigError

Scope = Literal["all", "statements/write", "statements/void"]


def _checked_hash(text: str) -> str:
    parse_hash(text)
    return text


class RateLimit(BaseModel):
    """Statements a second in the long run, and how many at once after a pause."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    per_second: Annotated[float, Field(gt=0, allow_inf_nan=False)]
    burst: Annotated[int, Field(ge=1)]


class Credential(BaseModel):
    """One sender.

    `name` is what logs, metrics and records show. `strict` holds the sender to the specification's letter;
    `lenient` forgives a missing version header (`default_version` is assumed), a missing content type and a
    PUT without `statementId`. `accept_good` is for forwarders that never send again: the bad statements of a
    request go to the dead letters, and the good ones are kept. `rate_limit` bounds what it may
    send. `sample` marks a credential whose secret is published.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
    key: Annotated[str, Field(min_length=1, max_length=256, pattern=r"^[^:\x00-\x1f]+$")]
    secret: Annotated[str, AfterValidator(_checked_hash)]
    scopes: Annotated[frozenset[Scope], Field(min_length=1)]
    mode: Literal["strict", "lenient"] = "strict"
    default_version: Annotated[str, Field(pattern=r"^[12]\.0\.[0-9]{1,4}$")] = "1.0.3"
    accept_good: bool = False
    rate_limit: RateLimit | None = None
    sample: bool = False
    note: str = ""

    def may(self, scope: Scope) -> bool:
        """Whether the sender has the right `scope`; `all` holds every right."""
        return scope in self.scopes or "all" in self.scopes


class CredentialsFile(BaseModel):
    """The whole file: names and keys are unique."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    credentials: tuple[Credential, ...]

    @model_validator(mode="after")
    def _distinct(self) -> Self:
        for what in ("name", "key"):
            if repeated := _repeated(getattr(credential, what) for credential in self.credentials):
                raise ValueError(f"{what} used more than once: {', '.join(sorted(repeated))}")
        return self


def parse_credentials(text: str | bytes, source: str) -> tuple[Credential, ...]:
    """Read the file's text. Raises `ConfigError` that names every problem and no secret."""
    try:
        return CredentialsFile.model_validate_json(text).credentials
    except ValidationError as error:
        problems = [f"{_place(item['loc'])}: {item['msg']}" for item in error.errors(include_input=False)]
        raise ConfigError(source, problems) from None


def load_credentials(path: Path) -> tuple[Credential, ...]:
    """Read the credentials file. Raises `ConfigError` if it cannot be read or is wrong."""
    try:
        text = path.read_bytes()
    except OSError as error:
        raise ConfigError(str(path), [f"cannot be read: {error.strerror}"]) from error
    return parse_credentials(text, str(path))


def _repeated(values: Iterable[str]) -> set[str]:
    return {value for value, times in Counter(values).items() if times > 1}


def _place(location: tuple[int | str, ...]) -> str:
    return "/".join(str(part) for part in location) or "file"
