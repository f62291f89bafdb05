"""Identity rules: what is nobody's, and which addresses are one mailbox."""

from pathlib import Path

import pytest

from schemas.errors import ConfigError
from schemas.identity_rules import IdentityRules, parse_identity_rules

SAMPLE = Path(__file__).parents[3] / "config" / "identity-rules.yaml"
RULES = parse_identity_rules(SAMPLE.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("address", "is_denied"),
    [
        ("noreply@example.com", True),
        ("No-Reply@Example.com", True),
        ("info+summer@example.org", True),
        ("guest17@example.com", True),
        ("ana@example.invalid", True),
        ("ana.costa@example.com", False),
        ("information@example.com", False),
    ],
)
def test_shared_mailboxes_and_addresses_of_nobody_are_denied(address: str, is_denied: bool) -> None:
    assert RULES.denies_email(address) is is_denied


@pytest.mark.parametrize(
    ("home_page", "name", "is_denied"),
    [
        ("https://lms.example.com", "anonymous", True),
        ("https://lms.example.com", "guest-4711", True),
        ("https://h5p.example.com/embed", "x-session-1", True),
        ("https://lms.example.com", "x-session-1", False),
        ("https://lms.example.com", "u1001", False),
    ],
)
def test_accounts_of_sessions_are_denied(home_page: str, name: str, is_denied: bool) -> None:
    assert RULES.denies_account(home_page, name) is is_denied


@pytest.mark.parametrize(
    ("address", "mailbox", "is_sure"),
    [
        ("ana+course@gmail.com", "ana@gmail.com", True),
        ("Ana.Costa+Course+2@GMail.com", "anacosta@gmail.com", True),
        ("ana.costa@googlemail.com", "anacosta@googlemail.com", True),
        ("ana.costa+x@outlook.com", "ana.costa@outlook.com", True),
        ("ana+x@example.com", "ana@example.com", False),
    ],
)
def test_an_alias_is_stripped_as_its_provider_does(address: str, mailbox: str, is_sure: bool) -> None:
    found = RULES.mailbox(address)
    assert found is not None
    assert (found.address, found.is_sure) == (mailbox, is_sure)
    assert RULES.mailbox(mailbox) is None


@pytest.mark.parametrize("address", ["ana@gmail.com", "ana.costa@outlook.com", "+x@gmail.com", "ana", ""])
def test_other_addresses_are_no_aliases(address: str) -> None:
    assert RULES.mailbox(address) is None


def test_without_rules_nothing_is_denied_and_nothing_is_an_alias() -> None:
    none = IdentityRules()
    assert not none.denies_email("noreply@example.com")
    assert not none.denies_account("https://lms.example.com", "guest")
    unsure = none.mailbox("ana+x@gmail.com")
    assert unsure is not None
    assert not unsure.is_sure


def test_every_problem_is_named_at_once() -> None:
    with pytest.raises(ConfigError) as caught:
        parse_identity_rules("denied: {mailboxes: [Info@x]}\nsub_addressing: {plus: [gmail]}\nmost: 5\n")
    told = str(caught.value)
    for part in ("version", "denied.mailboxes", "sub_addressing.plus", "most"):
        assert part in told
