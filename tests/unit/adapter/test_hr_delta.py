"""What an HR feed changes, compared with what stands."""

from datetime import date
from itertools import combinations
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from lrs_adapter.hr.delta import Claimed, Delta, Standing, delta
from lrs_adapter.hr.feed import HrFeed, parse_feed
from lrs_adapter.hr.link_log import Link
from schemas.persona import email_key, person_id, persona_id

_KEY = b"a tenant key of these tests"
_HEADER = "employee_id,emails,lms_user_ids,hire_date,end_date"
_LMS = "https://lms.example.com#"


def _day(text: str) -> int:
    return (date.fromisoformat(text) - date(1970, 1, 1)).days


TODAY = _day("2026-03-01")
ANA, BOB = "E1,a@example.com,,2020-01-01,", "E2,b@example.com,,2024-01-01,"


def _feed(*rows: str) -> HrFeed:
    text = "\n".join((_HEADER, *rows))
    return parse_feed(text, _KEY, source="hr", recorded_at_us=1, correlation_id="c")


def _delta(*rows: str, known: Any = (), barred: Any = (), complete: bool = False, day: int = TODAY) -> Delta:
    return delta(_feed(*rows), known, barred, day=day, is_complete=complete)


def _after(known: tuple[Standing, ...], links: tuple[Link, ...]) -> tuple[Standing, ...]:
    """What stands once `links` are in the log: a link replaces the one from the same day on."""
    standing = {(*one.claimed, one.start): one for one in known}
    for link in links:
        one = Standing(
            link["persona_id"],
            link["person_id"],
            link["rule"],
            link["confidence"],
            link["valid_from"],
            link["valid_to"],
        )
        standing[(*one.claimed, one.start)] = one
    return tuple(standing.values())


def _imported(*rows: str, known: tuple[Standing, ...] = (), **options: Any) -> tuple[Standing, ...]:
    return _after(known, _delta(*rows, known=known, **options).links)


def _spans(known: tuple[Standing, ...], address: str) -> dict[str, tuple[int, int | None]]:
    """By person, the days on which the address is theirs."""
    persona = persona_id(_KEY, email_key(address))
    return {one.person_id: (one.start, one.end) for one in known if one.persona_id == persona}


def _person(employee: str) -> str:
    return person_id(_KEY, employee)


def test_the_same_feed_again_changes_nothing() -> None:
    known = _imported(ANA, BOB)
    for complete in (False, True):
        again = _delta(ANA, BOB, known=known, complete=complete)
        assert (again.links, again.unchanged, again.joined, again.left) == ((), 4, frozenset(), frozenset())


def test_only_what_is_new_is_written() -> None:
    found = _delta("E1,a@example.com;a2@example.com,,2020-01-01,", BOB, known=_imported(ANA))
    assert (found.begun, found.ended, found.unchanged) == (4, 0, 2)
    assert found.joined == {_person("E2")}


def test_an_identifier_that_is_gone_ends_today() -> None:
    known = _imported(f"E1,a@example.com,{_LMS}u1,2020-01-01,", BOB)
    later = _imported("E1,,,2020-01-01,", known=known)
    assert _spans(later, "a@example.com") == {_person("E1"): (_day("2020-01-01"), TODAY)}
    assert _spans(later, "b@example.com") == {_person("E2"): (_day("2024-01-01"), None)}
    assert _delta("E1,,,2020-01-01,", known=later).links == ()


def test_a_complete_feed_ends_those_whom_it_does_not_name() -> None:
    known = _imported(ANA, f"E2,b@example.com,{_LMS}u2,2024-01-01,")
    found = _delta(ANA, known=known, complete=True)
    assert (set(found.left), found.ended) == ({_person("E2")}, 3)
    later = _after(known, found.links)
    assert _spans(later, "b@example.com") == {_person("E2"): (_day("2024-01-01"), TODAY)}
    assert _delta(ANA, known=later, complete=True, day=TODAY + 1).links == ()


def test_a_bad_row_ends_nothing() -> None:
    known = _imported(ANA, BOB)
    found = _delta("E1,nonsense,,2020-01-01,", BOB, known=known, complete=True)
    assert (found.links, found.left) == ((), frozenset())


def test_leaving_ends_addresses_on_the_day_after_the_last() -> None:
    known = _imported(f"E1,a@example.com,{_LMS}u1,2020-01-01,")
    gone = f"E1,a@example.com,{_LMS}u1,2020-01-01,2026-02-14"
    found = _delta(gone, known=known)
    assert (found.ended, found.begun, found.unchanged) == (2, 0, 1)
    later = _after(known, found.links)
    assert _spans(later, "a@example.com") == {_person("E1"): (_day("2020-01-01"), _day("2026-02-15"))}
    assert _delta(gone, known=later).links == ()


def test_an_address_that_goes_on_belongs_to_one_at_a_time() -> None:
    known = _imported(ANA)
    hired = _imported("E2,a@example.com,,2025-06-01,", known=known)
    assert _spans(hired, "a@example.com") == {
        _person("E1"): (_day("2020-01-01"), _day("2025-06-01")),
        _person("E2"): (_day("2025-06-01"), None),
    }
    assert _delta("E2,a@example.com,,2025-06-01,", known=hired).links == ()


def test_an_address_that_goes_on_to_a_veteran_begins_when_it_is_free() -> None:
    known = _imported("E1,a@example.com,,2020-01-01,2025-12-31", "E2,b@example.com,,2018-01-01,")
    later = _imported("E2,a@example.com;b@example.com,,2018-01-01,", known=known, complete=True)
    assert _spans(later, "a@example.com")[_person("E2")] == (_day("2026-01-01"), None)
    assert _spans(later, "a@example.com")[_person("E1")][1] == _day("2026-01-01")


def test_both_owners_in_one_feed() -> None:
    rows = ("E1,a@example.com,,2020-01-01,2025-05-31", "E2,a@example.com,,2025-06-01,")
    assert _feed(*rows).faults == ()
    known = _imported(*rows, known=_imported(ANA))
    assert _spans(known, "a@example.com") == {
        _person("E1"): (_day("2020-01-01"), _day("2025-06-01")),
        _person("E2"): (_day("2025-06-01"), None),
    }
    assert [fault.pointer for fault in _feed(rows[0], "E2,a@example.com,,2025-05-31,").faults] == [
        "2/emails",
        "3/emails",
    ]


def test_a_return_begins_anew() -> None:
    known = _imported("E1,a@example.com,,2020-01-01,2022-12-31")
    later = _imported("E1,a@example.com,,2024-01-01,", known=known)
    persona = persona_id(_KEY, email_key("a@example.com"))
    assert sorted((one.start, one.end or 0) for one in later if one.persona_id == persona) == [
        (_day("2020-01-01"), _day("2023-01-01")),
        (_day("2024-01-01"), 0),
    ]


def test_what_people_withdrew_is_not_said_again() -> None:
    barred: set[Claimed] = {
        (link["persona_id"], link["person_id"], link["rule"]) for link in _feed(ANA).links
    }
    found = _delta(ANA, BOB, barred=barred)
    assert (found.begun, found.barred) == (2, 2)


_EMPLOYEES = st.dictionaries(
    st.sampled_from(["E1", "E2", "E3", "E4"]),
    st.tuples(
        st.sets(st.sampled_from(["a@x.org", "b@x.org", "c@x.org"])),
        st.sampled_from(["2019-01-01", "2023-01-01", "2026-02-01", "2026-05-01"]),
        st.sampled_from(["", "2025-12-31"]),
    ),
    min_size=1,
)


@given(st.lists(_EMPLOYEES, min_size=1, max_size=5), st.booleans())
def test_any_feeds_in_a_row(feeds: list[dict[str, tuple[set[str], str, str]]], complete: bool) -> None:
    """Repeating the last one changes nothing, and no two people have an address on the same day."""
    known: tuple[Standing, ...] = ()
    for number, employees in enumerate(feeds):
        rows = [
            f"{who},{';'.join(sorted(mails))},,{hired},{ended if ended >= hired else ''}"
            for who, (mails, hired, ended) in employees.items()
        ]
        known = _imported(*rows, known=known, complete=complete, day=TODAY + number)
        again = _delta(*rows, known=known, complete=complete, day=TODAY + number)
        assert again.links == ()
    for one, other in combinations(known, 2):
        if (one.persona_id, one.rule) == (other.persona_id, other.rule) and one.person_id != other.person_id:
            assert _are_apart(one, other)


def _are_apart(one: Standing, other: Standing) -> bool:
    first, second = sorted((one, other), key=lambda standing: standing.start)
    return (first.end is not None and first.end <= second.start) or second.start == second.end
