"""Events of an HR system become links; what is wrong with one is named by its place and not by its value."""

import json
from datetime import date
from typing import Any

import pytest

from lrs_adapter.hr.events import Said, read_event
from lrs_adapter.hr.links import Provenance
from lrs_adapter.hr.rows import HomePages
from schemas import codec
from schemas.outcomes import Rejected
from schemas.persona import account_key, email_key, email_sha1_key, person_id, persona_id
from schemas.topics import HR_ATTRIBUTES, LINKS

_KEY = b"a tenant key of these tests"
_SAID = Provenance(_KEY, "hr", "hr-webhook", 1_793_620_800_000_000, "0198c1f4")
_ANA: dict[str, Any] = {
    "employee_id": "E1",
    "sso_guid": "guid1",
    "emails": ["ana@example.com"],
    "lms_user_ids": ["https://lms.example.com#u1"],
    "hire_date": "2024-05-01",
    "job_role": "team-lead",
}
_PAGES = HomePages(sso="https://sso.example.com")


def _day(text: str) -> int:
    return (date.fromisoformat(text) - date(1970, 1, 1)).days


def _judged(kind: str, employee: dict[str, Any], **more: Any) -> Said | Rejected:
    event = {"type": kind, "effective_date": "2026-03-01", "employee": employee, **more}
    return read_event(json.dumps(event).encode(), _SAID, _PAGES)


def _links(kind: str, employee: dict[str, Any], **more: Any) -> dict[tuple[str, str], tuple[int, int | None]]:
    found = _judged(kind, employee, **more)
    assert not isinstance(found, Rejected)
    assert all(codec.decode(LINKS, codec.encode(LINKS, link)) == link for link in found.links)
    assert {link["person_id"] for link in found.links} <= {person_id(_KEY, "E1")}
    return {
        (link["rule"], link["persona_id"]): (link["valid_from"], link["valid_to"]) for link in found.links
    }


def _attributes(kind: str, employee: dict[str, Any], **more: Any) -> tuple[dict[str, Any], ...]:
    found = _judged(kind, employee, **more)
    assert not isinstance(found, Rejected)
    assert all(
        codec.decode(HR_ATTRIBUTES, codec.encode(HR_ATTRIBUTES, one)) == one for one in found.attributes
    )
    return found.attributes


def _of(rule: str, key: str) -> tuple[str, str]:
    return rule, persona_id(_KEY, key)


def _mail(address: str) -> list[tuple[str, str]]:
    return [_of("email", email_key(address)), _of("email_sha1", email_sha1_key(address))]


def test_a_hire_links_everything_from_the_first_day() -> None:
    assert _links("hire", _ANA) == dict.fromkeys(
        [
            _of("sso_guid", account_key("https://sso.example.com", "guid1")),
            _of("lms_feed", account_key("https://lms.example.com", "u1")),
            *_mail("ana@example.com"),
        ],
        (_day("2024-05-01"), None),
    )


def test_a_change_links_what_is_new_and_ends_what_is_gone() -> None:
    changed = _ANA | {"emails": ["ana.costa@example.com"]}
    assert _links("change", changed, previous=_ANA) == {
        **dict.fromkeys(_mail("ana@example.com"), (_day("2024-05-01"), _day("2026-03-01"))),
        **dict.fromkeys(_mail("ana.costa@example.com"), (_day("2026-03-01"), None)),
    }


def test_a_change_of_anything_else_links_nothing() -> None:
    assert _links("change", _ANA | {"job_role": "lead"}, previous=_ANA) == {}


@pytest.mark.parametrize(
    ("kind", "more", "end"),
    [("hire", {}, None), ("change", {"previous": _ANA}, None), ("terminate", {}, "2026-02-28")],
)
def test_what_an_event_says_of_somebody_holds_from_its_day(
    kind: str, more: dict[str, Any], end: str | None
) -> None:
    (said,) = _attributes(kind, {**_ANA, "manager_id": "E7"}, **more)
    assert (said["person_id"], said["manager_id"]) == (person_id(_KEY, "E1"), person_id(_KEY, "E7"))
    assert (said["valid_from"], said["job_role"], said["status"]) == (_day("2026-03-01"), "team-lead", "")
    assert said["hire_date"] == _day("2024-05-01")
    assert said["end_date"] == (None if end is None else _day(end))


def test_an_event_that_describes_nobody_leaves_attributes_as_they_are() -> None:
    bare = {name: value for name, value in _ANA.items() if name != "job_role"}
    assert _attributes("hire", bare) == ()
    assert len(_attributes("hire", {**bare, "status": ""})) == 1


def test_leaving_ends_addresses_alone() -> None:
    assert _links("terminate", _ANA) == dict.fromkeys(
        _mail("ana@example.com"), (_day("2024-05-01"), _day("2026-03-01"))
    )


def test_an_end_before_the_beginning_leaves_no_day() -> None:
    hired = _day("2026-04-01")
    ended = _links("terminate", _ANA | {"hire_date": "2026-04-01"})
    assert set(ended.values()) == {(hired, hired)}


@pytest.mark.parametrize(
    ("kind", "employee", "more", "pointer"),
    [
        ("fire", _ANA, {}, "/type"),
        ("hire", _ANA, {"effective_date": "2026-02-30"}, "/effective_date"),
        ("hire", _ANA, {"effective_date": "soon"}, "/effective_date"),
        ("hire", {}, {}, "/employee/employee_id"),
        ("hire", _ANA | {"employee_id": " "}, {}, "/employee/employee_id"),
        ("hire", _ANA | {"emails": ["secret.address"]}, {}, "/employee/emails"),
        ("hire", _ANA | {"emails": "ana@example.com"}, {}, "/employee/emails"),
        ("hire", _ANA | {"emails": ["a@b;c@d"]}, {}, "/employee/emails/0"),
        ("hire", _ANA | {"hire_date": "secret"}, {}, "/employee/hire_date"),
        ("change", _ANA, {}, "/previous"),
        ("change", _ANA, {"previous": _ANA | {"employee_id": "E2"}}, "/previous/employee_id"),
        ("change", _ANA, {"previous": _ANA | {"emails": ["secret"]}}, "/previous/emails"),
    ],
)
def test_what_is_wrong_is_named(
    kind: str, employee: dict[str, Any], more: dict[str, Any], pointer: str
) -> None:
    found = _judged(kind, employee, **more)
    assert isinstance(found, Rejected)
    assert [fault.pointer for fault in found.faults] == [pointer]
    assert "secret" not in "".join(fault.message for fault in found.faults)


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"7", b"\xff", b"[" * 100_000, b'{"type": "hire", "type": "hire"}']
)
def test_what_is_no_event(body: bytes) -> None:
    assert isinstance(read_event(body, _SAID, _PAGES), Rejected)
