"""The webhooks file: who is told what, and where."""

from collections.abc import Iterable, Iterator
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from schemas.config_text import Entry, entries, read_yaml, repeated, texts, validate
from schemas.errors import ConfigError
from schemas.skill_map import Identifier
from schemas.topics import ALERTS, DEAD_LETTERS, READINESS, SKILLS

TopicName = Literal["scores.readiness", "scores.alerts", "skills.levels", "dead.letters"]
Status = Literal["insufficient_evidence", "developing", "review", "candidate"]

FILTERS: dict[str, tuple[str, ...]] = {
    READINESS.name: ("role", "status"),
    ALERTS.name: ("role", "status"),
    SKILLS.name: ("skill",),
    DEAD_LETTERS.name: ("reason",),
}
"""The fields of each topic's records that a filter can look at."""


def _receiver(text: str) -> str:
    """An address that may get signed events: https, or http to this machine alone."""
    parts = urlsplit(text)
    if parts.scheme not in ("https", "http") or not parts.hostname or parts.fragment:
        raise ValueError("must be an https address")
    if parts.username is not None or parts.password is not None:
        raise ValueError("must hold no user and no password: receivers know us by the signature")
    if parts.scheme == "http" and not _is_loopback(parts.hostname):
        raise ValueError("must be https; http is for receivers on this machine")
    _ = parts.port  # raises ValueError for one that is none
    return text


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class Filters(BaseModel):
    """What a record's fields must say, one of the values of each; what is empty lets everything through."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    role: tuple[Identifier, ...] = ()
    status: tuple[Status, ...] = ()
    skill: tuple[Identifier, ...] = ()
    reason: tuple[str, ...] = ()

    @property
    def used(self) -> set[str]:
        """The fields that are looked at."""
        return {name for name in type(self).model_fields if getattr(self, name)}


class Subscription(BaseModel):
    """One receiver and what it gets.

    `start` says where a new subscription begins: with what comes, or with what the topics hold. The secret
    stays outside: `secret_env` names its variable, `secret_file` its file.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
    url: Annotated[str, AfterValidator(_receiver)]
    topics: Annotated[tuple[TopicName, ...], Field(min_length=1)]
    where: Filters = Filters()
    start: Literal["latest", "earliest"] = "latest"
    secret_env: Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")] | None = None
    secret_file: Path | None = None

    @model_validator(mode="after")
    def _has_one_secret(self) -> Self:
        if (self.secret_env is None) == (self.secret_file is None):
            raise ValueError("needs either secret_env or secret_file")
        return self

    @model_validator(mode="after")
    def _filters_apply(self) -> Self:
        there = {name for topic in self.topics for name in FILTERS[topic]}
        if nowhere := sorted(self.where.used - there):
            raise ValueError(f"none of the topics has {', '.join(nowhere)} to filter by")
        return self


class Subscriptions(BaseModel):
    """The whole file; `version` names this edition."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: str = Field(min_length=1)
    subscriptions: tuple[Subscription, ...]


def parse_subscriptions(text: str, source: str) -> Subscriptions:
    """Read the file. Raises `ConfigError` that names every problem."""
    document = read_yaml(text, source)
    return validate(Subscriptions, document, source, _relations(document))


def _relations(document: Entry) -> Iterator[str]:
    names = texts(entries(document, "subscriptions"), "id")
    yield from (f"the id {name} is used more than once" for name in repeated(names))


def check_names(listed: Subscriptions, source: str, *, roles: Iterable[str], skills: Iterable[str]) -> None:
    """Raises `ConfigError` if a filter asks for a role or skill that there is not."""
    known = {"role": set(roles), "skill": set(skills)}
    problems = [
        f"{one.id}: there is no {field} {name}"
        for one in listed.subscriptions
        for field, names in known.items()
        for name in getattr(one.where, field)
        if name not in names
    ]
    if problems:
        raise ConfigError(source, problems)
