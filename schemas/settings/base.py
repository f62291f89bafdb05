"""What all settings have in common: where they come from, and how faults in them are told."""

from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import AliasChoices, BeforeValidator, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from schemas.errors import SettingsError


class Settings(BaseSettings):
    """Settings from the environment, where their names begin with `READYSTREAM_`."""

    model_config = SettingsConfigDict(env_prefix="READYSTREAM_", extra="ignore", populate_by_name=True)


def env_alias(name: str) -> AliasChoices:
    """The names of a variable that is known without our prefix, too."""
    return AliasChoices(name, f"READYSTREAM_{name}")


def _file_or_value(value: object) -> object:
    """`@/run/secrets/tenant_key` reads the secret from a file, as container platforms hand it over."""
    if isinstance(value, str) and value.startswith("@"):
        try:
            return Path(value[1:]).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ValueError(f"cannot read {value[1:]}: {error.strerror}") from error
    return value


Secret = Annotated[SecretStr, BeforeValidator(_file_or_value)]
SettingsT = TypeVar("SettingsT", bound=BaseSettings)


def load(settings: type[SettingsT]) -> SettingsT:
    """Read `settings` from the environment. Raises `SettingsError` that names every problem."""
    try:
        return settings()
    except ValidationError as error:
        problems = [_sentence(settings, item["loc"], item["msg"]) for item in error.errors()]
        raise SettingsError("the environment", problems) from None


def env_name(settings: type[BaseSettings], field: str) -> str:
    """The environment variable that sets `field`."""
    alias = settings.model_fields[field].validation_alias
    if isinstance(alias, AliasChoices):
        return str(alias.choices[0])
    return f"READYSTREAM_{field.upper()}"


def _sentence(settings: type[BaseSettings], location: tuple[int | str, ...], message: str) -> str:
    first = str(location[0]) if location else ""
    name = env_name(settings, first) if first in settings.model_fields else first
    return f"{name}: {message}"
