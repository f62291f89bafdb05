"""Identity rules applied to what HR names, and to how much of it one person has."""

import json

import pytest

from lrs_adapter.hr.crowds import without_crowds
from lrs_adapter.hr.delta import Standing
from lrs_adapter.hr.events import read_event
from lrs_adapter.hr.feed import HrFeed, parse_feed
from lrs_adapter.hr.links import Provenance
from lrs_adapter.hr.rows import HomePages
from schemas.identity_rules import Denied, DeniedAccount, IdentityRules, SubAddressing
from schemas.outcomes import Rejected
from schemas.persona import email_key, persona_id

_KEY = b"a tenant key of these tests"
_RULES = IdentityRules(
    version="1",
    denied=Denied(mailboxes=frozenset({"info"}), accounts=(DeniedAccount(name="guest*"),)),
    sub_addressing=SubAddressing(plus=frozenset({"gmail.com"}), dots=frozenset({"gmail.com"})),
    most_of_a_kind=2,
)
_SAID = Provenance(_KEY, "hr", "test", 0, "c")


def _feed(row: str) -> HrFeed:
    text = f"employee_id,emails,lms_user_ids\n{row}"
    return parse_feed(text, _KEY, source="hr", recorded_at_us=0, correlation_id="c", rules=_RULES)


@pytest.mark.parametrize(
    ("row", "pointer"),
    [
        ("E1,info+hr@example.com,", "2/emails"),
        ("E1,,https://lms.example.com#guest7", "2/lms_user_ids"),
        ("E1,a@example.com;b@example.com;c@example.com,", "2/emails"),
    ],
)
def test_what_the_rules_deny_is_a_fault(row: str, pointer: str) -> None:
    feed = _feed(row)
    assert [fault.pointer for fault in feed.faults] == [pointer]
    assert feed.links == ()


def test_the_webhook_goes_by_the_same_rules() -> None:
    employee = {"employee_id": "E1", "emails": ["info@example.com"]}
    event = {"type": "hire", "effective_date": "2026-01-01", "employee": employee}
    refused = read_event(json.dumps(event).encode(), _SAID, HomePages(), _RULES)
    assert isinstance(refused, Rejected)
    assert [fault.pointer for fault in refused.faults] == ["/employee/emails"]


def test_the_mailbox_of_an_alias_that_hr_knows_is_linked_with_least_trust() -> None:
    rules = {link["persona_id"]: link["rule"] for link in _feed("E1,ana.costa+hr@gmail.com,").links}
    assert rules[persona_id(_KEY, email_key("ana.costa+hr@gmail.com"))] == "email"
    assert rules[persona_id(_KEY, email_key("anacosta@gmail.com"))] == "email_alias"
    unsure = _feed("E1,ana.costa+hr@example.com,").links
    assert {link["rule"] for link in unsure} == {"email", "email_sha1"}


def test_more_of_a_kind_than_people_have_waits_whoever_linked_the_others() -> None:
    standing = [
        Standing(persona, "p", "email", 1.0, 0, end) for persona, end in (("a", None), ("b", None), ("c", 5))
    ]
    links = [
        _SAID.link(persona, person, rule, confidence=1.0, start=0, end=None, reason="")
        for persona, person, rule in (
            ("a", "p", "email"),
            ("d", "p", "email"),
            ("d", "p", "sso_guid"),
            ("e", "q", "email"),
        )
    ]
    written, waiting = without_crowds(links, standing, most=2, day=10)
    assert list(waiting) == [links[1]]
    assert list(written) == [links[0], *links[2:]]
    assert without_crowds(links, standing[1:], most=2, day=10) == (
        (links[0], *links[2:]),
        (links[1],),
    )
    assert without_crowds(links, standing[2:], most=2, day=10) == (tuple(links), ())
    ended = _SAID.link("b", "p", "email", confidence=1.0, start=0, end=10, reason="")
    assert without_crowds([ended, *links], standing, most=2, day=10) == ((ended, *links), ())
