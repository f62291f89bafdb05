"""Day cells are a group: what was added can be taken away, in any order, bit for bit."""

import json
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.core.derive import Marks
from streams.core.engagement import TIME_SOURCES, DayCell, DayFigures, DayPart, merge_days, split_by_day
from tests.unit.core.samples import DAY, SLOT, cmi5, derived, statement

DAY_7 = 7
bits = st.integers(0, 1)


@st.composite
def day_parts(draw: st.DrawFn) -> DayPart:
    first, last = sorted((draw(st.integers(0, 287)), draw(st.integers(0, 287))))
    marks = draw(st.none() | st.just(Marks(DAY_7, first, last)))
    statements, completions, passes, fails, sessions = (draw(bits) for _ in range(5))
    source = draw(st.sampled_from(TIME_SOURCES))
    return DayPart(marks, statements, completions, passes, fails, sessions, source)


def cell_of(parts: list[DayPart]) -> DayCell:
    cell = DayCell()
    for part in parts:
        cell.apply(part, +1)
    return cell


@given(st.lists(day_parts(), max_size=12), st.data())
def test_taking_away_leaves_what_the_others_alone_would_have_made(
    parts: list[DayPart], data: st.DataObject
) -> None:
    kept = [part for part in parts if data.draw(st.booleans())]
    gone = list((Counter(parts) - Counter(kept)).elements())
    cell = cell_of(data.draw(st.permutations(parts)))
    for part in data.draw(st.permutations(gone)):
        cell.apply(part, -1)
    alone = cell_of(kept)
    assert cell == alone
    assert json.dumps(cell.to_json()) == json.dumps(alone.to_json())


@given(st.lists(day_parts(), max_size=12), st.data())
def test_a_void_may_come_before_its_target(parts: list[DayPart], data: st.DataObject) -> None:
    steps = data.draw(st.permutations([(part, sign) for part in parts for sign in (1, -1)]))
    cell = DayCell()
    for part, sign in steps:
        cell.apply(part, sign)
    assert cell == DayCell()
    assert cell.is_empty


@given(st.lists(day_parts(), max_size=12))
def test_the_bitmap_has_the_slots_that_anything_marks(parts: list[DayPart]) -> None:
    marked = {slot for part in parts if part.marks for slot in range(part.marks.first, part.marks.last + 1)}
    assert cell_of(parts).bitmap == sum(1 << slot for slot in marked)


@given(st.lists(day_parts(), max_size=12))
def test_json_brings_back_the_cell(parts: list[DayPart]) -> None:
    cell = cell_of(parts)
    assert DayCell.from_json(json.loads(json.dumps(cell.to_json()))) == cell


@given(st.lists(day_parts(), max_size=12))
def test_the_time_source_is_the_best_that_marks_anything(parts: list[DayPart]) -> None:
    named = [source for source in TIME_SOURCES if any(p.marks and p.time_source == source for p in parts)]
    assert cell_of(parts).time_source == (named or ["slots"])[0]


def test_an_empty_cell_is_empty_and_a_counted_one_is_not() -> None:
    assert DayCell().is_empty
    assert not cell_of([DayPart(None, 1)]).is_empty
    assert not cell_of([DayPart(Marks(DAY_7, 0, 3))]).is_empty
    assert cell_of([DayPart(Marks(DAY_7, 0, 287))]).bitmap == (1 << 288) - 1


def test_a_statement_counts_on_its_own_day_and_marks_the_day_before_too() -> None:
    night = cmi5("terminated", result={"duration": "PT20M"}) | {"timestamp": "2026-03-05T00:07:00Z"}
    parts = split_by_day(derived(night, stored_us=2 * 10**15))
    assert parts == {
        DAY: DayPart(Marks(DAY, 285, 287), time_source="cmi5"),
        DAY + 1: DayPart(Marks(DAY + 1, 0, 1), statements=1, time_source="cmi5"),
    }


def test_a_registration_is_counted_and_marks_nothing() -> None:
    assert split_by_day(derived(statement("registered"))) == {DAY: DayPart(None, statements=1)}


def test_a_pass_is_counted_where_it_happened() -> None:
    parts = split_by_day(derived(statement("passed", result={"completion": True})))
    assert parts == {DAY: DayPart(Marks(DAY, SLOT, SLOT), 1, 1, 1, 0, 0, "slots")}


def figures_of(parts: list[DayPart]) -> DayFigures:
    return cell_of(parts).figures()


@given(st.lists(st.lists(day_parts(), max_size=4), max_size=4), st.data())
def test_personas_merge_in_any_order_and_grouping(groups: list[list[DayPart]], data: st.DataObject) -> None:
    figures = [figures_of(group) for group in groups]
    merged = merge_days(figures)
    assert merge_days(data.draw(st.permutations(figures))) == merged
    cut = data.draw(st.integers(0, len(figures)))
    assert merge_days([merge_days(figures[:cut]), merge_days(figures[cut:])]) == merged
    together = figures_of([part for group in groups for part in group])
    assert merged == together


@pytest.mark.parametrize(
    ("slots", "minutes"), [(0, 0), (0b1011, 15), ((1 << 144) - 1, 720), ((1 << 288) - 1, 720)]
)
def test_active_time_of_a_day_is_at_most_twelve_hours(slots: int, minutes: int) -> None:
    assert DayFigures(slots).active_minutes == minutes
