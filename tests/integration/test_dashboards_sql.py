"""Every panel's query, run by ClickHouse, against answers counted by hand."""

import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from datetime import UTC, date, datetime
from typing import Any

import pytest
from clickhouse_connect.driver.client import Client

from dashboards.catalogue import PANELS, VARIABLES
from dashboards.dashboard import chosen_values
from dashboards.macros import Scope, expand
from dashboards.panel import Kind, Unit
from dashboards.ranges import Range
from tests.integration import dashboards_kit as kit
from tests.integration.dashboards_answers import (
    ACTIVITY,
    ALL,
    ARRIVALS,
    PERSON,
    STANDING,
    STATEMENT_OF,
    march,
)
from tests.services.clickhouse import ClickHouse, Database, new_database

LONG_AGO = Range(datetime(1999, 1, 1, tzinfo=UTC), datetime(1999, 2, 1, tzinfo=UTC))
DAY_S = 86_400
MARKED = 0.9  # share of random events that mark active time


@pytest.fixture(scope="module")
def filled(clickhouse: ClickHouse) -> Iterator[Client]:
    with new_database(clickhouse) as database:
        kit.fill(database)
        with closing(kit.connect(database)) as client:
            yield client


@pytest.fixture(scope="module")
def blank(clickhouse: ClickHouse) -> Iterator[Client]:
    with new_database(clickhouse) as database, closing(kit.connect(database)) as client:
        yield client


@pytest.fixture
def own(database: Database) -> Iterator[Client]:
    with closing(kit.connect(database)) as client:
        yield client


def ask(
    client: Client,
    id_: str,
    shown: Range | None = None,
    zone: str = "UTC",
    chosen: Mapping[str, Sequence[str]] | None = None,
) -> list[tuple[Any, ...]]:
    """The rows of a panel, whose columns must be those that the panel names."""
    dashboard, panel = PANELS[id_]
    shown = shown or (kit.WEEK if id_ in ARRIVALS else kit.MARCH)
    asked = {"person": [PERSON], "statement": [STATEMENT_OF.get(id_, "")], **(chosen or {})}
    scope = Scope(shown.start, shown.end, DAY_S, chosen_values(dashboard.variables, asked))
    result = client.query(expand(panel.sql, scope), settings={"session_timezone": zone})
    if result.result_rows:  # without any, the embedded engine names no columns
        assert list(result.column_names) == [column.name for column in panel.columns]
    return [tuple(row) for row in result.result_rows]


def test_every_panel_has_an_answer_here() -> None:
    assert ALL.keys() == PANELS.keys()


@pytest.mark.parametrize("zone", ["UTC", "America/New_York"])
@pytest.mark.parametrize("id_", list(ALL))
def test_a_panel_gives_what_a_count_by_hand_gives(filled: Client, id_: str, zone: str) -> None:
    assert ask(filled, id_, zone=zone) == ALL[id_]


@pytest.mark.parametrize("id_", list(STANDING))
def test_how_things_stand_does_not_depend_on_the_range(filled: Client, id_: str) -> None:
    assert ask(filled, id_, LONG_AGO) == STANDING[id_]


@pytest.mark.parametrize("id_", [*ACTIVITY, *ARRIVALS])
def test_what_happened_does_depend_on_it(filled: Client, id_: str) -> None:
    assert ask(filled, id_, LONG_AGO) == _nothing(id_)


@pytest.mark.parametrize(
    ("id_", "chosen", "rows"),
    [
        ("statements", {"source": ["academy"]}, [(1,)]),
        ("statements", {"source": ["lms", "academy"]}, [(7,)]),
        ("statements", {"course": [kit.CERTIFICATE]}, [(1,)]),
        ("active_learners", {"course": [kit.SQL]}, [(2,)]),
        ("active_hours", {"course": [kit.SQL]}, [(20 / 12,)]),
        ("courses", {"source": ["academy"]}, [ACTIVITY["courses"][1]]),
        ("activity_by_source", {"course": [kit.VIDEO]}, [ACTIVITY["activity_by_source"][1]]),
        ("candidates", {"role": ["lead"]}, [(0,)]),
        ("candidates", {"role": ["lead", "analyst"]}, [(1,)]),
        ("insufficient_evidence", {"role": ["lead"]}, [(0,)]),
        ("readiness_by_role", {"role": ["lead"]}, [("lead", 0, 1, 2, 0)]),
        ("shortlist", {"role": ["nobody's"]}, []),
        ("shortlist", {"role": ["lead"]}, STANDING["shortlist"][1:4]),
        ("shortlist", {"skill": ["sql", "feedback"]}, [STANDING["shortlist"][2], STANDING["shortlist"][5]]),
        ("gaps", {"skill": ["sql"]}, STANDING["gaps"][:1]),
        ("skill_levels", {"skill": ["sql"]}, STANDING["skill_levels"][1:]),
        ("learner_evidence", {"skill": ["feedback"]}, []),
        ("learner_statements", {"person": ["ben"]}, [(3,)]),
        ("learner_personas", {"person": ["ben"]}, [("ben", "not_linked", 4, date(2021, 3, 1), None)]),
        ("learner_readiness", {"role": ["lead"]}, STANDING["learner_readiness"][1:]),
        ("accepted", {"source": ["academy"]}, [(1,)]),
        ("duplicates_by_source", {"source": ["academy"]}, STANDING["duplicates_by_source"][1:]),
        ("statement_event", {"statement": ["x' OR 1=1 --"]}, []),
    ],
)
def test_a_choice_narrows(
    filled: Client, id_: str, chosen: dict[str, Sequence[str]], rows: list[tuple[Any, ...]]
) -> None:
    assert ask(filled, id_, chosen=chosen) == rows


def test_variables_offer_what_there_is(filled: Client) -> None:
    offers = {
        name: [value for value, _ in filled.query(variable.sql).result_rows]
        for name, variable in VARIABLES.items()
        if variable.sql
    }

    assert offers == {
        "source": ["academy", "lms"],
        "course": [kit.SQL, kit.VIDEO, kit.CERTIFICATE],
        "role": ["analyst", "lead"],
        "skill": ["feedback", "sql"],
        "person": ["anna", "ben", "eva", "dora"],
    }


@pytest.mark.parametrize("id_", list(PANELS))
def test_an_empty_database_gives_nothing_or_zero(blank: Client, id_: str) -> None:
    assert ask(blank, id_) == _nothing(id_)


def _nothing(id_: str) -> list[tuple[Any, ...]]:
    """What a panel says when there is nothing: no share of nothing, no score, and counts of zero."""
    panel = PANELS[id_][1]
    if panel.kind is not Kind.STAT:
        return []
    return [(None,)] if panel.unit in {Unit.SHARE, Unit.POINTS, Unit.SECONDS} else [(0,)]


def test_active_time_is_what_a_recount_gives(own: Client) -> None:
    """Random events of people with several personas, recounted slot by slot."""
    chance = random.Random(20210331)
    people = {f"persona-{number}": f"person-{number % 7}" for number in range(20)}
    events = [_random_event(chance, number, list(people)) for number in range(400)]
    links = [
        kit.link(persona, person, "hris_id", offset)
        for offset, (persona, person) in enumerate(people.items())
    ]
    _insert_at_once(own, "learning_events", events)
    _insert_at_once(own, "identity_links", links)

    marked: dict[tuple[str, int], set[int]] = defaultdict(set)
    active: dict[int, set[str]] = defaultdict(set)
    for event in events:
        person = people[event["persona_id"]]
        for day, first, last in event["slots"]:
            marked[person, day].update(range(first, last + 1))
            active[event["event_time"].day].add(person)

    assert ask(own, "active_hours") == [(sum(min(len(found), 144) for found in marked.values()) / 12,)]
    assert ask(own, "learners_per_day") == [(march(day), len(active[day])) for day in sorted(active)]
    assert ask(own, "active_learners") == [(len(set().union(*active.values())),)]


def _random_event(chance: random.Random, number: int, personas: list[str]) -> kit.Row:
    at = kit.moment(chance.randint(3, 30), chance.randint(0, 23), chance.randint(0, 59))
    first = chance.randint(0, 287)
    runs = kit.slots(at.day, first, chance.randint(first, 287)) if chance.random() < MARKED else []
    return kit.event(f"e{number}", chance.choice(personas), at, "engagement", kit.SQL, runs)


def _insert_at_once(client: Client, table: str, rows: list[kit.Row]) -> None:
    client.insert(table, [list(row.values()) for row in rows], column_names=list(rows[0]))
