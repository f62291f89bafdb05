"""The secrets of subscriptions, from where the webhooks file says."""

from collections.abc import Mapping
from pathlib import Path

from schemas.errors import ConfigError
from schemas.webhook_signature import MIN_SECRET, parse_secret
from sinks.webhooks.subscriptions import Subscription, Subscriptions

Secrets = tuple[bytes, ...]


def read_secrets(listed: Subscriptions, environment: Mapping[str, str], source: str) -> Mapping[str, Secrets]:
    """The secrets of each subscription, by its id. Raises `ConfigError` that names each that is missing."""
    found: dict[str, Secrets] = {}
    problems = []
    for one in listed.subscriptions:
        try:
            found[one.id] = _secrets(one, environment)
        except ValueError as error:
            problems.append(f"{one.id}: {error}")
    if problems:
        raise ConfigError(source, problems)
    return found


def _secrets(one: Subscription, environment: Mapping[str, str]) -> Secrets:
    """One, or while it is being changed several, separated by blanks."""
    if one.secret_file is not None:
        written, where = _text(one.secret_file).split(), f"the file {one.secret_file}"
    else:
        written, where = environment.get(one.secret_env or "", "").split(), f"the variable {one.secret_env}"
    if not written:
        raise ValueError(f"{where} holds no secret")
    if any(len(secret) < MIN_SECRET for secret in written):
        raise ValueError(f"{where}: each secret needs at least {MIN_SECRET} characters")
    return tuple(map(parse_secret, written))


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise ValueError(f"cannot read {path}: {error.strerror}") from None
