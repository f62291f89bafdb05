"""What every panel promises its reader."""

from datetime import UTC, datetime
from importlib.resources import files

import pytest

from dashboards.macros import Scope, expand
from dashboards.panel import Kind, Panel, Unit
from dashboards.panels import BY_ID, SECTIONS

START, END = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 31, tzinfo=UTC)
GRID = 24

every_panel = pytest.mark.parametrize("panel", list(BY_ID.values()), ids=lambda panel: panel.id)


def test_each_sql_file_is_one_panel() -> None:
    names = [file.name for file in files("dashboards").joinpath("sql").iterdir()]

    assert sorted(names) == sorted(f"{id_}.sql" for id_ in BY_ID)
    assert len(BY_ID) == sum(len(section.panels) for section in SECTIONS)


@every_panel
def test_words_are_sentences(panel: Panel) -> None:
    assert panel.title
    assert panel.title[0].isupper()
    assert panel.description.endswith(".")
    assert panel.empty.endswith(".")
    assert panel.unit not in {Unit.TEXT, Unit.CODE, Unit.ID, Unit.TIME}


@every_panel
def test_columns_suit_the_kind(panel: Panel) -> None:
    first, *others = (column.unit for column in panel.columns)
    texts = {Unit.TEXT, Unit.CODE, Unit.ID}
    match panel.kind:
        case Kind.STAT:
            assert first is panel.unit
            assert not others
        case Kind.TIME_SERIES:
            assert first is Unit.TIME
            assert others[-1] is panel.unit
        case Kind.BARS | Kind.STACKED_BARS | Kind.HEAT_MAP:
            assert first in texts
            assert set(others) == {panel.unit}
        case Kind.TABLE:
            assert first in texts


@every_panel
@pytest.mark.parametrize("roles", [[], ["data-analyst"]], ids=["all roles", "one role"])
def test_queries_hold_no_macro_that_the_page_does_not_know(panel: Panel, roles: list[str]) -> None:
    assert "$" not in expand(panel.sql, Scope(START, END, 3600, {"role": roles}))


def test_panels_fill_the_rows_of_the_grid() -> None:
    for section in SECTIONS:
        filled = 0
        for panel in section.panels:
            filled = filled % GRID + panel.size.width
            assert filled <= GRID
        assert filled == GRID


@pytest.mark.parametrize("id_", ["shortlist", "skill_levels"])
def test_levels_are_never_shown_without_saying_what_ageing_means(id_: str) -> None:
    assert "drift towards the prior" in BY_ID[id_].description
    assert "does not say that the person forgot" in BY_ID[id_].description


def test_a_missing_score_is_never_shown_as_a_low_one() -> None:
    score = next(column for column in BY_ID["shortlist"].columns if column.name == "score")

    assert score.missing == "too little evidence"
    for id_ in ("insufficient_evidence", "readiness_by_role"):
        assert "never that somebody is weak" in BY_ID[id_].description
