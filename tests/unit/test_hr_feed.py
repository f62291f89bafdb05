"""The HR feed becomes links; what is wrong in it is named by row and column."""

from datetime import date
from typing import Any

import pytest

from lrs_adapter.hr.feed import HomePages, HrFeed, parse_feed
from schemas import codec
from schemas.errors import ConfigError
from schemas.persona import account_key, email_key, email_sha1_key, person_id, persona_id
from schemas.topics import LINKS

_KEY = b"a tenant key of these tests"
_HEADER = "employee_id,sso_guid,emails,lms_user_ids,hire_date,job_role,manager_id,status"
_HIRED = (date(2024, 5, 1) - date(1970, 1, 1)).days


def _parse(*rows: str, header: str = _HEADER, home_pages: HomePages | None = None) -> HrFeed:
    return parse_feed(
        "\n".join((header, *rows)),
        _KEY,
        source="people.csv",
        recorded_at_us=1_793_620_800_000_000,
        correlation_id="0198c1f4",
        home_pages=home_pages,
    )


def _linked(feed: HrFeed) -> dict[str, dict[str, Any]]:
    return {link["persona_id"]: link for link in feed.links}


def _persona(key: str) -> str:
    return persona_id(_KEY, key)


def test_one_row_gives_a_link_for_each_identifier() -> None:
    row = (
        "E1,https://sso.example.com#guid1,Ana.Costa@Example.COM;ana@example.org,"
        "https://lms.example.com#u1;https://academy.example.org#u1,2024-05-01,team-lead,,active"
    )
    feed = _parse(row)
    assert feed.rejected == ()
    assert {persona: link["rule"] for persona, link in _linked(feed).items()} == {
        _persona(account_key("https://sso.example.com", "guid1")): "sso_guid",
        _persona(account_key("https://lms.example.com", "u1")): "lms_feed",
        _persona(account_key("https://academy.example.org", "u1")): "lms_feed",
        _persona(email_key("ana.costa@example.com")): "email",
        _persona(email_sha1_key("ana.costa@example.com")): "email_sha1",
        _persona(email_key("ana@example.org")): "email",
        _persona(email_sha1_key("ana@example.org")): "email_sha1",
    }
    assert {link["person_id"] for link in feed.links} == {person_id(_KEY, "E1")}
    assert {(link["valid_from"], link["valid_to"]) for link in feed.links} == {(_HIRED, None)}


def test_links_are_values_of_the_topic() -> None:
    (link, *_) = _parse("E1,,ana@example.com,,,,,active").links
    assert codec.decode(LINKS, codec.encode(LINKS, link)) == link
    assert link["valid_from"] == 0
    assert link["source"] == "people.csv"
    assert link["action"] == "link"
    assert "ana" not in str(link)


def test_columns_in_any_order_with_a_byte_order_mark_and_further_ones() -> None:
    feed = _parse("ana@example.com;,x, E1 ", header="\ufeffEmails,Shoe size,Employee_ID")
    assert [link["rule"] for link in feed.links] == ["email", "email_sha1"]
    assert feed.links[0]["person_id"] == person_id(_KEY, "E1")


def test_an_lms_name_may_hold_a_hash() -> None:
    (link,) = _parse("E1,,,https://lms.example.com#team#7,,,,").links
    assert link["persona_id"] == _persona(account_key("https://lms.example.com", "team#7"))


def test_home_pages_complete_bare_names() -> None:
    pages = HomePages(sso="https://sso.example.com", hris="https://hr.example.com")
    feed = _parse("E1,guid1,,,,,,", home_pages=pages)
    assert {persona: link["rule"] for persona, link in _linked(feed).items()} == {
        _persona(account_key("https://sso.example.com", "guid1")): "sso_guid",
        _persona(account_key("https://hr.example.com", "E1")): "hris_id",
    }


@pytest.mark.parametrize(
    ("row", "pointer"),
    [
        (",,ana@example.com,,,,,", "2/employee_id"),
        ("E1,bare-guid,,,,,,", "2/sso_guid"),
        ("E1,,ana.example.com,,,,,", "2/emails"),
        ("E1,,ana@ex@ample.com,,,,,", "2/emails"),
        ("E1,,,u1001,,,,", "2/lms_user_ids"),
        ("E1,,,lms#u1001,,,,", "2/lms_user_ids"),
        ("E1,,,https://lms.example.com#,,,,", "2/lms_user_ids"),
        ("E1,,,,01.05.2024,,,", "2/hire_date"),
        ("E1,,a@b;c@b;d@b;e@b;f@b;g@b,,,,,", "2/emails"),
        ("E1,,,,,,,,one too many", "2/"),
    ],
)
def test_a_bad_row_is_rejected_and_the_next_goes_on(row: str, pointer: str) -> None:
    feed = _parse(row, "E2,,joao@example.com,,,,,")
    assert [fault.pointer for fault in feed.faults] == [pointer]
    assert {link["person_id"] for link in feed.links} == {person_id(_KEY, "E2")}


def test_all_faults_of_a_row_are_named_together() -> None:
    feed = _parse(",,nobody,,yesterday,,,")
    assert len(feed.rejected) == 1
    assert {fault.pointer for fault in feed.faults} == {"2/employee_id", "2/emails", "2/hire_date"}
    assert feed.links == ()


def test_what_two_employees_claim_is_linked_to_neither() -> None:
    feed = _parse(
        "E1,,info@example.com;ana@example.com,,,,,",
        "E2,,joao@example.com,,,,,",
        "E3,,INFO@example.com,https://lms.example.com#u3,,,,",
    )
    assert [fault.pointer for fault in feed.faults] == ["2/emails", "4/emails"]
    shared = {_persona(email_key("info@example.com")), _persona(email_sha1_key("info@example.com"))}
    assert not shared & _linked(feed).keys()
    assert len(feed.links) == 5


def test_nobody_leaves_before_the_first_day() -> None:
    (fault,) = _parse("E1,2024-05-01,2024-04-30", header="employee_id,hire_date,end_date").faults
    assert (fault.pointer, fault.message) == ("2/end_date", "is before hire_date")


def test_two_rows_of_one_employee_agree() -> None:
    feed = _parse("E1,,ana@example.com,,,,,", "E1,,ana@example.com,https://lms.example.com#u1,,,,")
    assert feed.faults == ()
    assert len(_linked(feed)) == 3


@pytest.mark.parametrize("text", ["", "name;mail\nAna;ana@example.com\n", "employee_id\nE1\rE2\n"])
def test_what_is_no_feed_is_refused_as_a_whole(text: str) -> None:
    with pytest.raises(ConfigError):
        parse_feed(text, _KEY, source="x", recorded_at_us=0, correlation_id="c")
