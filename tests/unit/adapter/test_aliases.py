"""Aliases follow their mailbox, on the same days and no further."""

from collections.abc import Collection
from typing import Any

from lrs_adapter.hr.aliases import Aliases, alias_links
from lrs_adapter.hr.delta import Standing
from lrs_adapter.hr.links import Provenance
from schemas.identity_rules import Denied, IdentityRules, SubAddressing
from schemas.persona import email_key, persona_id

_KEY = b"a tenant key of these tests"
_RULES = IdentityRules(
    version="1",
    denied=Denied(mailboxes=frozenset({"info"})),
    sub_addressing=SubAddressing(plus=frozenset({"gmail.com"}), dots=frozenset({"gmail.com"})),
)
_SAID = Provenance(_KEY, "sub-addressing", "test", 0, "c")
SEEN = "ana+sql@gmail.com"


def _persona(address: str) -> str:
    return persona_id(_KEY, email_key(address))


def _stands(address: str, person: str, start: int = 0, end: int | None = None) -> Standing:
    return Standing(_persona(address), person, "email", 0.9, start, end)


def _found(
    *standing: Standing, seen: str = SEEN, own: Collection[Standing] = (), barred: Any = ()
) -> Aliases:
    return alias_links([seen], _RULES, _SAID, [*standing, *own], own, barred)


def _spans(found: Aliases) -> list[tuple[str, str, int, int | None]]:
    assert {link["persona_id"] for link in found.links} <= {_persona(SEEN)}
    return [(link["person_id"], link["rule"], link["valid_from"], link["valid_to"]) for link in found.links]


def test_an_alias_has_the_links_of_its_mailbox_on_the_same_days() -> None:
    found = _found(_stands("ana@gmail.com", "p1", 0, 100), _stands("ana@gmail.com", "p2", 100))
    assert _spans(found) == [("p1", "email_alias", 0, 100), ("p2", "email_alias", 100, None)]
    assert (found.known, found.reviews) == (1, ())


def test_what_is_linked_already_is_not_said_again_and_what_changed_is() -> None:
    own = [Standing(_persona(SEEN), "p1", "email_alias", 0.7, 0, None)]
    assert _found(_stands("ana@gmail.com", "p1"), own=own).links == ()
    assert _spans(_found(_stands("ana@gmail.com", "p1", 0, 50), own=own)) == [("p1", "email_alias", 0, 50)]


def test_it_lets_go_where_its_mailbox_does() -> None:
    own = [Standing(_persona(SEEN), "p1", "email_alias", 0.7, 7, None)]
    assert _spans(_found(own=own)) == [("p1", "email_alias", 7, 7)]
    ended = [Standing(_persona(SEEN), "p1", "email_alias", 0.7, 7, 7)]
    assert _found(own=ended).links == ()


def test_what_people_withdrew_is_not_said_again() -> None:
    barred = {(_persona(SEEN), "p1", "email_alias")}
    assert _found(_stands("ana@gmail.com", "p1"), barred=barred).links == ()


def test_at_an_unknown_provider_it_waits_for_review() -> None:
    seen = "ana+sql@example.com"
    found = _found(_stands("ana@example.com", "p1"), seen=seen)
    assert found.links == ()
    assert [(link["persona_id"], link["person_id"]) for link in found.reviews] == [(_persona(seen), "p1")]
    settled = _found(_stands("ana@example.com", "p1"), _stands(seen, "p2"), seen=seen)
    assert (settled.links, settled.reviews) == ((), ())


def test_nobodys_mailbox_and_an_unknown_one_give_nothing() -> None:
    assert _found(_stands("info@gmail.com", "p1"), seen="info+x@gmail.com") == Aliases((), (), 0)
    assert _found() == Aliases((), (), 0)
