"""Personas to persons in SQL: the same answers as `streams.core.identity`, at query time."""

import random
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from clickhouse_connect.driver.client import Client

from schemas import codec
from schemas.examples import EXAMPLES
from schemas.origin import Origin
from schemas.topics import EVENTS, LINKS, Topic
from sinks.buffer import Buffer
from sinks.records import RawRecord
from sinks.rounds import insert_block
from streams.core import identity, links

PERSONA = "persona"
DAY = 20_000
DAY_US = 86_400_000_000


@dataclass(frozen=True, slots=True)
class Link:
    """One entry of the log, days relative to `DAY`."""

    person: str
    rule: str = "email"
    action: str = "link"
    start: int = 0
    end: int | None = None
    source: str = "hr"


def record(link: Link, persona: str) -> dict[str, Any]:
    """The record of `identity.links`."""
    return {
        **EXAMPLES[LINKS.name],
        "persona_id": persona,
        "person_id": link.person,
        "action": link.action,
        "rule": link.rule,
        "source": link.source,
        "valid_from": DAY + link.start,
        "valid_to": None if link.end is None else DAY + link.end,
    }


def insert(client: Client, topic: Topic, values: list[dict[str, Any]]) -> None:
    """Write records as the sink does, at offsets 0, 1, …"""
    buffer = Buffer((topic.name, 0), 0)
    for offset, value in enumerate(values):
        raw = RawRecord(topic.name, 0, offset, 0, b"k", codec.encode(topic, value), (), 0)
        assert not buffer.add([raw], 0.0)
    block = buffer.block()
    assert block is not None
    insert_block(client, block)


def event(persona: str, day: int) -> dict[str, Any]:
    """An event at noon of a day."""
    noon = (DAY + day) * DAY_US + DAY_US // 2
    return {
        **EXAMPLES[EVENTS.name],
        "statement_id": f"{persona}/{day}",
        "persona_id": persona,
        "event_time": noon,
    }


def resolved(client: Client) -> dict[str, list[str]]:
    """The person of each event of each persona, by day."""
    found = client.query(
        "SELECT persona_id, groupArray(person_id) FROM "
        "(SELECT persona_id, person_id FROM events_resolved ORDER BY event_time) GROUP BY persona_id"
    )
    return {persona: list(persons) for persona, persons in found.result_rows}


def by_core(entries: list[Link], persona: str, days: range) -> list[str]:
    """What the stream workers say."""
    assertions: tuple[identity.Assertion, ...] = ()
    for offset, link in enumerate(entries):
        version = Origin(LINKS.name, 0, offset).version
        assertions = identity.fold(assertions, links.from_record(record(link, persona), version))
    return [identity.person_on(assertions, persona, DAY + day) for day in days]


CASES: dict[str, tuple[list[Link], str]] = {
    "nobody links": ([], "----"),
    "a link from its day on": ([Link("a", start=1)], "-aaa"),
    "a link until its day": ([Link("a", end=2)], "aa--"),
    "an address given to somebody else": ([Link("a", end=2), Link("b", start=2)], "aabb"),
    "a gap belongs to nobody": ([Link("a", end=1), Link("b", start=3)], "a--b"),
    "the more trusted holds, though earlier": ([Link("a", "human"), Link("b", "email")], "aaaa"),
    "the more trusted holds, though later": ([Link("a", "email"), Link("b", "hris_id")], "bbbb"),
    "a human outranks the SSO": ([Link("a", "human"), Link("b", "sso_guid")], "aaaa"),
    "the SSO outranks HR": ([Link("a", "sso_guid"), Link("b", "hris_id")], "aaaa"),
    "HR outranks the LMS": ([Link("a", "hris_id"), Link("b", "lms_feed")], "aaaa"),
    "the LMS outranks an address": ([Link("a", "lms_feed"), Link("b", "email")], "aaaa"),
    "an address outranks its hash": ([Link("a", "email"), Link("b", "email_sha1")], "aaaa"),
    "a hash outranks an alias": ([Link("a", "email_sha1"), Link("b", "email_alias")], "aaaa"),
    "of equals the latest holds": ([Link("a", source="x"), Link("b", source="y")], "bbbb"),
    "a trusted link over part of a weak one": ([Link("a"), Link("b", "human", start=1, end=3)], "abba"),
    "an unlink withdraws for all days": ([Link("a"), Link("a", action="unlink")], "----"),
    "an unlink of somebody else": ([Link("a"), Link("b", action="unlink")], "aaaa"),
    "what was below comes back": ([Link("a"), Link("b", "human"), Link("b", "human", "unlink")], "aaaa"),
    "an unlink, then a new link": ([Link("a"), Link("a", action="unlink"), Link("a", start=2)], "--aa"),
    "an unlink outranks weaker links": ([Link("a", "email"), Link("a", "human", "unlink")], "----"),
    "a weak unlink leaves a strong link": ([Link("a", "human"), Link("a", "email", "unlink")], "aaaa"),
    "an end is set to a link that lasted": ([Link("a"), Link("a", end=2)], "aa--"),
    "another source ends nothing": ([Link("a"), Link("a", end=2, source="other")], "aaaa"),
    "a rule for review never links": ([Link("a", "probabilistic")], "----"),
    "an empty interval": ([Link("a", start=2, end=2)], "----"),
}
"""Entries of the log, and the person on each of four days; `-` is the persona itself."""


@pytest.mark.parametrize(("entries", "days"), CASES.values(), ids=CASES.keys())
def test_events_belong_to_the_person_of_their_day(migrated: Client, entries: list[Link], days: str) -> None:
    persons = [PERSONA if person == "-" else person for person in days]
    insert(migrated, EVENTS, [event(PERSONA, day) for day in range(4)])
    if entries:
        insert(migrated, LINKS, [record(link, PERSONA) for link in entries])

    assert resolved(migrated) == {PERSONA: persons}
    assert by_core(entries, PERSONA, range(4)) == persons


def test_a_late_link_corrects_history_and_keeps_what_was_published(migrated: Client) -> None:
    insert(migrated, EVENTS, [event(PERSONA, 0)])
    published = EXAMPLES[EVENTS.name]["person_id"]
    assert resolved(migrated) == {PERSONA: [PERSONA]}

    insert(migrated, LINKS, [record(Link("late"), PERSONA)])

    row = migrated.query("SELECT person_id, published_person_id FROM events_resolved").result_rows[0]
    assert tuple(row) == ("late", published)


def test_spans_say_who_since_when_and_why(migrated: Client) -> None:
    insert(migrated, LINKS, [record(Link("a"), PERSONA), record(Link("b", "human", start=5, end=9), PERSONA)])
    start = date(1970, 1, 1) + timedelta(days=DAY)

    rows = migrated.query(
        "SELECT person_id, rule, valid_from, valid_to FROM persona_person ORDER BY valid_from"
    ).result_rows

    assert [tuple(row) for row in rows] == [
        ("a", "email", start, start + timedelta(days=5)),
        ("b", "human", start + timedelta(days=5), start + timedelta(days=9)),
        ("a", "email", start + timedelta(days=9), date(2299, 12, 31)),
    ]


def test_random_logs_resolve_as_the_workers_resolve_them(migrated: Client) -> None:
    rng = random.Random(4)
    days = range(-1, 7)
    logs = {f"persona{number}": random_log(rng) for number in range(150)}
    entries = [(persona, link) for persona, log in logs.items() for link in log]
    rng.shuffle(entries)
    insert(migrated, EVENTS, [event(persona, day) for persona in logs for day in days])
    insert(migrated, LINKS, [record(link, persona) for persona, link in entries])

    in_order = {name: [link for persona, link in entries if persona == name] for name in logs}
    assert resolved(migrated) == {name: by_core(log, name, days) for name, log in in_order.items()}


def random_log(rng: random.Random) -> list[Link]:
    """Up to eight entries about three persons."""
    return [
        Link(
            person=rng.choice("abc"),
            rule=rng.choice([*identity.TRUST, "probabilistic"]),
            action=rng.choices(["link", "unlink"], [4, 1])[0],
            start=rng.randrange(5),
            end=rng.choice([None, None, rng.randrange(7)]),
            source=rng.choice("xy"),
        )
        for _ in range(rng.randrange(9))
    ]
