"""Identity rules: which identifiers are nobody's, which addresses are one mailbox, when to look twice."""

from fnmatch import fnmatchcase
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from schemas.config_text import read_yaml, validate
from schemas.persona import email_iri

SOURCE = "identity rules"

Domain = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+(\.[a-z0-9-]+)+$")]
Pattern = Annotated[str, StringConstraints(min_length=1)]
LocalPart = Annotated[str, StringConstraints(pattern=r"^[^@\sA-Z]+$")]
_FROZEN = ConfigDict(frozen=True, extra="forbid")


class DeniedAccount(BaseModel):
    """Accounts of nobody: patterns of the home page and of the name, `*` standing for anything."""

    model_config = _FROZEN

    home_page: Pattern = "*"
    name: Pattern = "*"


class Denied(BaseModel):
    """Identifiers that are never linked: shared mailboxes by what is before the `@`, addresses, accounts."""

    model_config = _FROZEN

    mailboxes: frozenset[LocalPart] = frozenset()
    addresses: tuple[Pattern, ...] = ()
    accounts: tuple[DeniedAccount, ...] = ()


class SubAddressing(BaseModel):
    """Domains where `+tag` is no part of the mailbox's name, and those of them where dots are none either."""

    model_config = _FROZEN

    plus: frozenset[Domain] = frozenset()
    dots: frozenset[Domain] = frozenset()


class Mailbox(BaseModel):
    """The address that another one is an alias of; `is_sure` if its provider is known to work so."""

    model_config = _FROZEN

    address: str
    is_sure: bool


class IdentityRules(BaseModel):
    """The rules; `version` names this edition. Without any, nothing is denied and nothing is an alias."""

    model_config = _FROZEN

    version: str = Field(default="none", min_length=1)
    denied: Denied = Denied()
    sub_addressing: SubAddressing = SubAddressing()
    most_of_a_kind: int = Field(default=5, ge=1)

    def denies_email(self, address: str) -> bool:
        """Whether the address is of a shared mailbox or otherwise of nobody."""
        local, domain = _parts(address)
        mailbox = local.partition("+")[0]
        patterns = self.denied.addresses
        return mailbox in self.denied.mailboxes or any(
            fnmatchcase(f"{local}@{domain}", pattern.lower()) for pattern in patterns
        )

    def denies_account(self, home_page: str, name: str) -> bool:
        """Whether the account is of nobody, such as one that is made anew for each session."""
        return any(
            fnmatchcase(home_page, denied.home_page) and fnmatchcase(name, denied.name)
            for denied in self.denied.accounts
        )

    def mailbox(self, address: str) -> Mailbox | None:
        """The mailbox that an address is an alias of; None where it is no alias."""
        local, domain = _parts(address)
        plain, plus, _ = local.partition("+")
        if domain in self.sub_addressing.dots:
            plain = plain.replace(".", "")
        if plain in ("", local):
            return None
        is_sure = not plus or domain in self.sub_addressing.plus
        return Mailbox(address=f"{plain}@{domain}", is_sure=is_sure)


def _parts(address: str) -> tuple[str, str]:
    """(what is before the `@`, domain), as canonical keys have them."""
    local, _, domain = email_iri(address).removeprefix("mailto:").rpartition("@")
    return local, domain


def parse_identity_rules(text: str) -> IdentityRules:
    """Read identity rules from YAML text. Raises `ConfigError` that names every problem at once."""
    document = read_yaml(text, SOURCE)
    missing = [] if "version" in document else ["version: Field required"]
    return validate(IdentityRules, document, SOURCE, missing)
