"""How people name somebody on a command line, turned into pseudonyms at once. Pure.

- an e-mail address, with or without `mailto:`; its SHA-1, 40 hexadecimal digits;
- an account, `homePage#name`, split at the first `#` as in the HR feed;
- `openid:URI`;
- `employee:ID`, the person whom the HR system knows by it;
- an id of a persona or a person, 26 characters, as topics, tables and dashboards have it.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from schemas.errors import ConfigError
from schemas.persona import account_key, canonical_key, email_key, person_id, persona_id

_ID = re.compile(r"[a-z2-7]{26}")
_SHA1 = re.compile(r"[0-9A-Fa-f]{40}")
_ACCOUNT = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*://[^#\s]+)#(.+)")
_EMAIL = re.compile(r"(?:mailto:)?([^@\s]+@[^@\s]+)", re.IGNORECASE)
_EMPLOYEE, _OPENID = "employee:", "openid:"


class Kind(StrEnum):
    """What an id is known to be."""

    PERSONA = "persona"
    PERSON = "person"
    EITHER = "either"


@dataclass(frozen=True, slots=True)
class Named:
    """The id of whom somebody named."""

    id: str
    kind: Kind


def read_identifier(text: str, tenant_key: bytes) -> Named:
    """Whom `text` names. Raises `ConfigError`, which does not repeat it: it may be an address."""
    written = text.strip()
    if _ID.fullmatch(written):
        return Named(written, Kind.EITHER)
    if written.startswith(_EMPLOYEE) and written != _EMPLOYEE:
        return Named(person_id(tenant_key, written.removeprefix(_EMPLOYEE)), Kind.PERSON)
    return Named(persona_id(tenant_key, _key(written)), Kind.PERSONA)


def _key(written: str) -> str:
    if account := _ACCOUNT.fullmatch(written):
        return account_key(*account.groups())
    if _SHA1.fullmatch(written):
        return f"mbox_sha1sum|{written.lower()}"
    if written.startswith(_OPENID) and (key := canonical_key({"openid": written.removeprefix(_OPENID)})):
        return key
    if email := _EMAIL.fullmatch(written):
        return email_key(email[1])
    wanted = "an e-mail address, its SHA-1, homePage#name, openid:URI, employee:ID or an id of 26 characters"
    raise ConfigError("the command line", [f"an identifier is none of: {wanted}"])
