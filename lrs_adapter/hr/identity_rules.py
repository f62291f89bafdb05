"""The identity rules as a file."""

from pathlib import Path

from schemas.errors import ConfigError
from schemas.identity_rules import IdentityRules, parse_identity_rules


def read_identity_rules(path: Path) -> IdentityRules:
    """The rules of the file. Raises `ConfigError` that names everything that is wrong with it."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(str(path), [f"cannot be read: {error}"]) from None
    return parse_identity_rules(text)
