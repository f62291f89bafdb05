"""Every panel's query, run by ClickHouse, against answers counted by hand."""

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from clickhouse_connect.driver.client import Client

from dashboards.grafana import ROLES
from dashboards.macros import Scope, expand
from dashboards.panel import Kind
from dashboards.panels import BY_ID
from dashboards.ranges import Range
from tests.integration import dashboards_kit as kit
from tests.services.clickhouse import ClickHouse, Database, new_database

DAY_S = 86_400
MARKED = 0.9  # share of random events that mark active time


@pytest.fixture(scope="module")
def filled(clickhouse: ClickHouse) -> Iterator[Client]:
    with new_database(clickhouse) as database:
        kit.fill(database)
        with closing(kit.connect(database)) as client:
            yield client


@pytest.fixture
def blank(database: Database) -> Iterator[Client]:
    with closing(kit.connect(database)) as client:
        yield client


def ask(
    client: Client, id_: str, shown: Range = kit.MARCH, *roles: str, zone: str = "UTC"
) -> list[tuple[Any, ...]]:
    """The rows of a panel, whose columns must be those that the panel names."""
    panel = BY_ID[id_]
    sql = expand(panel.sql, Scope(shown.start, shown.end, DAY_S, {"role": roles}))
    result = client.query(sql, settings={"session_timezone": zone})
    if result.result_rows:  # without any, the embedded engine names no columns
        assert list(result.column_names) == [column.name for column in panel.columns]
    return [tuple(row) for row in result.result_rows]


def march(day: int) -> datetime:
    """A UTC day as the client gives it."""
    return datetime(2021, 3, day)  # noqa: DTZ001


Answers = dict[str, list[tuple[Any, ...]]]

ACTIVITY: Answers = {
    "statements": [(7,)],
    "active_learners": [(2,)],
    # Anna: 19 slots that her personas share, one on the 31st. Ben: one, and twelve hours of seventeen.
    "active_hours": [((19 + 1 + 1 + 144) / 12,)],
    "completions": [(1,)],
    "statements_by_class": [
        (march(10), "assessed", 1),
        (march(10), "engagement", 1),
        (march(10), "exposure", 1),
        (march(11), "other", 1),
        (march(12), "engagement", 1),
        (march(15), "other", 1),
        (march(31), "credential", 1),
    ],
    "learners_per_day": [(march(10), 2), (march(12), 1), (march(31), 1)],
    "top_courses": [("SQL basics", 2, 1), (kit.VIDEO, 1, 0), ("SQL basics", 1, 0)],
}

STANDING: Answers = {
    "candidates": [(1,)],
    "insufficient_evidence": [(2,)],
    "engagement": [("active", 2), ("new", 1), ("inactive", 1)],
    "readiness_by_role": [("analyst", 1, 0, 0, 2), ("lead", 0, 1, 2, 0)],
    "shortlist": [
        ("anna", "analyst", "candidate", 81.5, "70–91", 0.7, "", None),  # noqa: RUF001
        ("ben", "lead", "review", 75.0, "60–85", 0.55, "planning", 5.0),  # noqa: RUF001
        ("anna", "lead", "developing", 55.0, "50–61", 0.8, "feedback", 10.0),  # noqa: RUF001
        ("eva", "lead", "developing", 40.0, "34–44", 0.9, "", None),  # noqa: RUF001
        ("dora", "analyst", "insufficient_evidence", None, "", 0.25, "", None),
        ("ben", "analyst", "insufficient_evidence", None, "", 0.1, "sql", 45.0),
    ],
    "skill_levels": [("feedback", 1, 1, 1, 0, 0, 0), ("sql", 1, 0, 0, 0, 1, 1)],
    "arrivals": [
        ("academy", 1, 0, kit.ARRIVED.replace(tzinfo=None), 1.5, 1.5),
        ("lms", 3, 1, kit.ARRIVED.replace(tzinfo=None) - timedelta(minutes=20), 0.2, 0.3),
    ],
    "dead_letters": [
        ("conflict", "persona", 2, kit.ARRIVED.replace(tzinfo=None) - timedelta(minutes=3)),
        ("undecodable", "sink", 1, kit.ARRIVED.replace(tzinfo=None) - timedelta(minutes=4)),
    ],
}


def test_every_panel_has_an_answer_here() -> None:
    assert ACTIVITY.keys() | STANDING.keys() == BY_ID.keys()


@pytest.mark.parametrize("zone", ["UTC", "America/New_York"])
@pytest.mark.parametrize("id_", [*ACTIVITY, *STANDING])
def test_a_panel_gives_what_a_count_by_hand_gives(filled: Client, id_: str, zone: str) -> None:
    assert ask(filled, id_, zone=zone) == (ACTIVITY | STANDING)[id_]


@pytest.mark.parametrize("id_", list(STANDING))
def test_how_things_stand_does_not_depend_on_the_range(filled: Client, id_: str) -> None:
    long_ago = Range(datetime(1999, 1, 1, tzinfo=UTC), datetime(1999, 2, 1, tzinfo=UTC))

    assert ask(filled, id_, long_ago) == STANDING[id_]


@pytest.mark.parametrize(
    ("id_", "roles", "rows"),
    [
        ("candidates", ["lead"], [(0,)]),
        ("candidates", ["lead", "analyst"], [(1,)]),
        ("insufficient_evidence", ["lead"], [(0,)]),
        ("readiness_by_role", ["lead"], [("lead", 0, 1, 2, 0)]),
        ("shortlist", ["nobody's"], []),
        ("shortlist", ["lead"], STANDING["shortlist"][1:4]),
    ],
)
def test_roles_can_be_chosen(
    filled: Client, id_: str, roles: Sequence[str], rows: list[tuple[Any, ...]]
) -> None:
    assert ask(filled, id_, kit.MARCH, *roles) == rows


def test_grafana_offers_the_roles_there_are(filled: Client) -> None:
    assert filled.query(ROLES).result_rows == [("analyst",), ("lead",)]


@pytest.mark.parametrize("id_", list(BY_ID))
def test_an_empty_database_gives_nothing_or_zero(blank: Client, id_: str) -> None:
    assert ask(blank, id_) == ([(0,)] if BY_ID[id_].kind is Kind.STAT else [])


def test_active_time_is_what_a_recount_gives(blank: Client) -> None:
    """Random events of people with several personas, recounted slot by slot."""
    chance = random.Random(20210331)
    people = {f"persona-{number}": f"person-{number % 7}" for number in range(20)}
    events = [_random_event(chance, number, list(people)) for number in range(400)]
    links = [
        kit.link(persona, person, "hris_id", offset)
        for offset, (persona, person) in enumerate(people.items())
    ]
    _insert_at_once(blank, "learning_events", events)
    _insert_at_once(blank, "identity_links", links)

    marked: dict[tuple[str, int], set[int]] = defaultdict(set)
    active: dict[int, set[str]] = defaultdict(set)
    for event in events:
        person = people[event["persona_id"]]
        for day, first, last in event["slots"]:
            marked[person, day].update(range(first, last + 1))
            active[event["event_time"].day].add(person)

    assert ask(blank, "active_hours") == [(sum(min(len(found), 144) for found in marked.values()) / 12,)]
    assert ask(blank, "learners_per_day") == [(march(day), len(active[day])) for day in sorted(active)]
    assert ask(blank, "active_learners") == [(len(set().union(*active.values())),)]


def _random_event(chance: random.Random, number: int, personas: list[str]) -> kit.Row:
    at = kit.moment(chance.randint(3, 30), chance.randint(0, 23), chance.randint(0, 59))
    first = chance.randint(0, 287)
    runs = kit.slots(at.day, first, chance.randint(first, 287)) if chance.random() < MARKED else []
    return kit.event(f"e{number}", chance.choice(personas), at, "engagement", kit.SQL, runs)


def _insert_at_once(client: Client, table: str, rows: list[kit.Row]) -> None:
    client.insert(table, [list(row.values()) for row in rows], column_names=list(rows[0]))
