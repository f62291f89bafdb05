"""Who a persona is: trust, validity, withdrawal, and freedom from order."""

from dataclasses import replace
from functools import reduce

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.core.identity import TRUST, Assertion, contradicted, fold, person_on, persons

PERSONA, ADA, BOB = "persona", "ada", "bob"
TODAY = 20_600


def said(
    person: str = ADA,
    rule: str = "email",
    *,
    action: str = "link",
    since: int = 0,
    until: int | None = None,
    version: int = 1,
    source: str = "hr-feed",
) -> Assertion:
    return Assertion(person, action, rule, 1.0, since, until, version, source)


def folded(*records: Assertion) -> tuple[Assertion, ...]:
    return reduce(fold, records, ())


def test_a_persona_that_nobody_links_is_its_own_person() -> None:
    assert person_on((), PERSONA, TODAY) == PERSONA
    assert persons((), PERSONA) == {PERSONA}


@pytest.mark.parametrize("stronger", sorted(TRUST, key=TRUST.__getitem__)[1:])
def test_a_weaker_rule_never_overrides_a_stronger_one(stronger: str) -> None:
    weaker = sorted(TRUST, key=TRUST.__getitem__)[TRUST[stronger] - 2]
    strong, weak = said(ADA, stronger, version=1), said(BOB, weaker, version=2)
    assert person_on(folded(strong, weak), PERSONA, TODAY) == ADA
    assert contradicted(folded(strong), weak) == (strong,)
    assert contradicted(folded(weak), strong) == ()


def test_the_order_of_trust_is_that_of_the_model() -> None:
    by_trust = sorted(TRUST, key=TRUST.__getitem__, reverse=True)
    assert by_trust == ["human", "sso_guid", "hris_id", "lms_feed", "email", "email_sha1", "email_alias"]


def test_of_equally_trusted_links_the_latest_holds() -> None:
    assert person_on(folded(said(ADA, version=1), said(BOB, version=2)), PERSONA, TODAY) == BOB


def test_a_probabilistic_match_is_for_people_to_review() -> None:
    guess = folded(said(rule="probabilistic"))
    assert person_on(guess, PERSONA, TODAY) == PERSONA
    assert persons(guess, PERSONA) == {PERSONA}


def test_a_reused_address_belongs_to_whoever_had_it_on_the_day() -> None:
    known = folded(said(ADA, since=100, until=200, version=1), said(BOB, since=250, version=2))
    on = {day: person_on(known, PERSONA, day) for day in (99, 100, 199, 200, 249, 250, TODAY)}
    assert on == {99: PERSONA, 100: ADA, 199: ADA, 200: PERSONA, 249: PERSONA, 250: BOB, TODAY: BOB}
    assert persons(known, PERSONA) == {ADA, BOB, PERSONA}
    assert contradicted(folded(said(ADA, since=100, until=200)), said(BOB, since=200, version=2)) == ()


def test_an_end_is_set_by_saying_the_link_again() -> None:
    known = folded(said(since=100, version=1), said(since=100, until=300, version=2))
    assert len(known) == 1
    assert [person_on(known, PERSONA, day) for day in (299, 300)] == [ADA, PERSONA]


def test_an_unlink_withdraws_what_its_rule_and_weaker_ones_said_before() -> None:
    weak, strong = said(rule="email", version=1), said(rule="sso_guid", version=2)
    unlinked = said(rule="lms_feed", action="unlink", version=3)
    assert person_on(folded(weak, unlinked), PERSONA, TODAY) == PERSONA
    assert person_on(folded(weak, strong, unlinked), PERSONA, TODAY) == ADA
    human = said(rule="human", action="unlink", version=4)
    assert person_on(folded(weak, strong, unlinked, human), PERSONA, TODAY) == PERSONA


def test_an_unlink_leaves_other_persons_and_later_links_alone() -> None:
    unlinked = said(ADA, "human", action="unlink", version=2)
    assert person_on(folded(said(BOB, version=1), unlinked), PERSONA, TODAY) == BOB
    assert person_on(folded(unlinked, said(ADA, version=3)), PERSONA, TODAY) == ADA
    assert contradicted(folded(said(ADA)), unlinked) == ()


def test_an_unlink_that_comes_first_withdraws_a_link_that_comes_late() -> None:
    link, unlinked = said(version=1), said(action="unlink", version=2)
    assert folded(unlinked, link) == folded(link, unlinked) == (unlinked,)


records = st.lists(
    st.builds(
        said,
        st.sampled_from([ADA, BOB, "cyn"]),
        st.sampled_from([*TRUST, "probabilistic"]),
        action=st.sampled_from(["link", "link", "unlink"]),
        since=st.integers(0, 3),
        until=st.none() | st.integers(1, 5),
        source=st.sampled_from(["hr-feed", "lms"]),
    ),
    max_size=8,
).map(lambda drawn: [replace(one, version=place) for place, one in enumerate(drawn, start=1)])


@given(records, st.data())
def test_the_same_records_in_any_order_and_repeated_say_the_same(
    drawn: list[Assertion], data: st.DataObject
) -> None:
    once = folded(*drawn)
    assert folded(*data.draw(st.permutations(drawn + drawn))) == once


@given(records, st.integers(0, 6))
def test_folding_loses_nothing_that_decides(drawn: list[Assertion], day: int) -> None:
    """Against the rule written out over the whole log."""
    standing = [
        one
        for one in drawn
        if one.action == "link"
        and one.rule in TRUST
        and one.valid_from <= day
        and (one.valid_to is None or day < one.valid_to)
        and not any(
            later.version > one.version
            and later.person_id == one.person_id
            and (
                TRUST.get(later.rule, 0) >= TRUST[one.rule]
                if later.action == "unlink"
                else (later.rule, later.source, later.valid_from) == (one.rule, one.source, one.valid_from)
            )
            for later in drawn
        )
    ]
    expected = max(standing, key=lambda one: (TRUST[one.rule], one.version), default=None)
    assert person_on(folded(*drawn), PERSONA, day) == (expected.person_id if expected else PERSONA)
    assert person_on(folded(*drawn), PERSONA, day) in persons(folded(*drawn), PERSONA)
