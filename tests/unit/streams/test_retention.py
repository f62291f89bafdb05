"""What is too old: it stops counting on its day, is deleted when a sweep comes by, and never counts twice."""

from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas import codec
from schemas.skill_map import Attempt, SkillMap
from schemas.topics import DEAD_LETTERS, ENGAGEMENT, EVENTS, PERSONA_STATE, SKILLS, STATEMENTS
from streams.core.retention import Retention
from streams.core.snapshots import POSITION
from tests.unit.streams.pipeline import Pipeline
from tests.unit.streams.samples import DAY, SKILL_MAP, Linked, Said, accept, build, link, persona
from tests.unit.streams.test_stages import figures, window

SHORT = Retention(days=180, evidence=200, ledger=220)
PASSED = Said(1, "lena", "passed", scaled=0.9)
UNDATED = Said(2, "lena", "passed", course=2, is_dated=False)


class Ageing:
    """A pipeline with short memory, and its calendar."""

    def __init__(self, skill_map: SkillMap = SKILL_MAP) -> None:
        self.today = DAY
        self.outcomes: Counter[str] = Counter()
        self.pipeline = build(
            as_of=lambda: self.today, outcomes=self.outcomes, retention=SHORT, skill_map=skill_map
        )

    def accept(self, *said: Said) -> None:
        """Statements that are received today."""
        for one in said:
            accept(self.pipeline, one, received=self.today)
        self.pipeline.settle()

    def sleep(self, days: int) -> None:
        """Let days pass, with a sweep at their end."""
        self.today += days
        self.sweep()

    def sweep(self) -> None:
        """Sweep, and what follows from it."""
        self.pipeline.sweep()
        self.pipeline.settle()

    def rows(self, table: str) -> dict[bytes, bytes]:
        """All rows of a table."""
        return {
            key: data
            for tables in self.pipeline.tables.values()
            for key, data in tables.rows.get(table, {}).items()
        }


def letters(pipeline: Pipeline) -> list[dict[str, Any]]:
    """The dead letters."""
    return [codec.decode(DEAD_LETTERS, record.value or b"") for record in pipeline.records(DEAD_LETTERS)]


@pytest.mark.parametrize("spans", [(179, 400, 400), (400, 1825, 1824), (400, 200, 399)])
def test_spans_that_do_not_go_together_are_refused(spans: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="kept for"):
        Retention(*spans)


def test_on_the_day_that_it_is_too_old_it_stops_counting_and_is_deleted() -> None:
    ageing = Ageing()
    ageing.accept(PASSED)
    lena = persona("lena")
    ageing.sleep(179)
    assert window(ageing.pipeline, lena)["statements"] == 1
    ageing.sleep(1)
    assert lena not in ageing.pipeline.latest(ENGAGEMENT)
    assert f"{lena}|sql" in ageing.pipeline.latest(SKILLS)
    ageing.sleep(20)
    assert ageing.pipeline.latest(SKILLS) == {}
    assert ageing.rows("persons") == {}
    assert list(ageing.rows("cells")) == [POSITION], "nothing of anybody is left"
    assert len(ageing.rows("ledger")) == 1
    ageing.sleep(20)
    assert ageing.rows("ledger") == {}
    assert {name: ageing.outcomes[name] for name in ("ledger", "cells", "persons")} == {
        "ledger": 1,
        "cells": 2,
        "persons": 2,
    }


@pytest.mark.parametrize(
    ("attempts", "chosen"), [("latest", [2, 2, 2]), ("first", [0, 1, 2]), ("best", [1, 1, 2])]
)
def test_another_attempt_counts_once_the_one_that_counted_is_too_old(
    attempts: Attempt, chosen: list[int]
) -> None:
    tries = [
        Said(number, "lena", "passed", scaled=scaled, day=DAY + number)
        for number, scaled in enumerate([0.6, 0.9, 0.7])
    ]
    ageing = Ageing(SKILL_MAP.model_copy(update={"attempts": attempts}))
    ageing.sleep(2)
    ageing.accept(*tries)
    for day, one in enumerate(chosen):
        assert _behind(ageing) == [tries[one].statement_id]
        ageing.today = DAY + 200 + day
        ageing.sweep()
    assert ageing.pipeline.latest(SKILLS) == {}


def _behind(ageing: Ageing) -> list[str]:
    level = ageing.pipeline.latest(SKILLS)[f"{persona('lena')}|sql"]
    return [item["statement_id"] for item in level["top_evidence"]]


def test_a_deleted_cell_is_withdrawn_from_whoever_was_sent_it() -> None:
    ageing = Ageing()
    link(ageing.pipeline, Linked("lena", "person-1"))
    ageing.accept(PASSED)
    ageing.sleep(200)
    newest = {record.key: record.value for record in ageing.pipeline.records(PERSONA_STATE)}
    assert newest[f"person-1|{persona('lena')}|d|{DAY}".encode()] is None
    assert newest[f"person-1|{persona('lena')}|s|sql".encode()] is None


def test_a_resend_beyond_the_horizon_is_refused_counted_and_kept_as_a_dead_letter() -> None:
    ageing = Ageing()
    ageing.accept(PASSED)
    ageing.sleep(219)
    ageing.accept(PASSED)
    assert ageing.outcomes["duplicate"] == 1
    ageing.sleep(1)
    before = figures(ageing.pipeline)
    ageing.accept(PASSED)
    assert (ageing.outcomes["new"], ageing.outcomes["too_old"]) == (1, 1)
    [letter] = letters(ageing.pipeline)
    assert letter["reason"] == "too_old"
    assert codec.decode(STATEMENTS, letter["value"])["statement_id"] == PASSED.statement_id
    assert figures(ageing.pipeline) == before
    assert len(ageing.pipeline.records(EVENTS)) == 1


def test_a_statement_without_a_timestamp_is_remembered_for_ever() -> None:
    ageing = Ageing()
    ageing.accept(UNDATED)
    ageing.sleep(2000)
    ageing.accept(UNDATED)
    assert (ageing.outcomes["new"], ageing.outcomes["duplicate"]) == (1, 1)


def test_a_statement_dated_in_the_future_is_remembered_from_that_day_on() -> None:
    ageing = Ageing()
    ahead = Said(3, "lena", "passed", day=DAY + 100)
    ageing.accept(ahead)
    ageing.sleep(300)
    ageing.accept(ahead)
    assert ageing.outcomes["duplicate"] == 1
    ageing.sleep(20)
    ageing.accept(ahead)
    assert ageing.outcomes["too_old"] == 1


def test_history_is_taken_where_nothing_was_forgotten_yet() -> None:
    ageing = Ageing()
    ageing.sleep(0)
    ageing.accept(Said(1, "lena", "passed", day=DAY - 3000), Said(2, "lena", "experienced", day=DAY))
    assert ageing.outcomes["new"] == 2
    assert ageing.pipeline.latest(SKILLS) == {}
    ageing.sleep(100)
    ageing.accept(Said(1, "lena", "passed", day=DAY - 3000))
    assert (ageing.outcomes["duplicate"], letters(ageing.pipeline)) == (1, [])


def test_a_void_stops_waiting_for_a_target_that_never_came() -> None:
    ageing = Ageing()
    ageing.accept(Said(9, "admin", "voided", voids=77))
    waiting = len(ageing.rows("ledger"))
    ageing.sleep(220)
    assert (waiting, ageing.rows("ledger")) == (2, {})


def test_a_void_so_old_that_it_may_be_a_resend_still_voids() -> None:
    ageing = Ageing()
    ageing.accept(Said(5, "mia", "passed"), Said(6, "admin", "experienced"))
    ageing.sleep(240)
    ageing.accept(replace_day(PASSED))
    ageing.accept(Said(9, "admin", "voided", voids=PASSED.number))
    assert ageing.pipeline.latest(SKILLS) == {}


def replace_day(said: Said) -> Said:
    """The same on the 240th day."""
    return Said(said.number, said.who, said.verb, scaled=said.scaled, day=DAY + 240)


# ── whenever sweeps come by, and whatever is sent again: the same figures ──


@st.composite
def years(draw: st.DrawFn) -> list[tuple[int, Said]]:
    """Statements and voids by the day of receipt, some received again later."""
    received = []
    for number in range(1, draw(st.integers(2, 8)) + 1):
        day = draw(st.integers(0, 500))
        said = Said(
            number,
            draw(st.sampled_from(("lena", "mia"))),
            draw(st.sampled_from(("passed", "failed", "completed", "experienced"))),
            course=draw(st.integers(1, 3)),
            day=DAY + day - draw(st.sampled_from((0, 1, 100, 250))),
            scaled=draw(st.sampled_from((None, 0.4, 0.9))),
            voids=draw(st.sampled_from((None, None, None, 1, 2))),
        )
        if said.voids:
            said = Said(number, "admin", "voided", day=said.day, voids=said.voids)
        again = draw(st.lists(st.integers(day, 700), max_size=2))
        received += [(DAY + one, said) for one in (day, *again)]
    return sorted(received, key=lambda entry: entry[0])


@settings(max_examples=100, deadline=None)
@given(received=years(), sweeps=st.lists(st.booleans(), min_size=24, max_size=24))
def test_deleting_what_is_too_old_and_refusing_what_may_be_a_resend_change_no_figure(
    received: list[tuple[int, Said]], sweeps: list[bool]
) -> None:
    swept, plain = Ageing(), Ageing()
    known: set[str] = set()
    for (day, said), is_swept in zip(received, sweeps, strict=False):
        swept.today = plain.today = day
        if is_swept:
            swept.sweep()
        swept.accept(said)
        if said.statement_id not in known:
            plain.accept(said)
        known.add(said.statement_id)
    for one in (swept, plain):
        one.sleep(DAY + 720 - one.today)
    assert figures(swept.pipeline) == figures(plain.pipeline)
