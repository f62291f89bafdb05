"""What every panel and every dashboard promises its reader."""

from datetime import UTC, datetime
from importlib.resources import files

import pytest

from dashboards.catalogue import BY_ID, DASHBOARDS, PANELS, VARIABLES
from dashboards.dashboard import Choice, Dashboard, chosen_values
from dashboards.macros import Scope, expand
from dashboards.panel import MOMENTS, TEXTS, Kind, Panel, Unit

START, END = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 31, tzinfo=UTC)
GRID = 24

every_panel = pytest.mark.parametrize("id_", list(PANELS))
every_dashboard = pytest.mark.parametrize("dashboard", DASHBOARDS, ids=lambda dashboard: dashboard.id)


def panel_of(id_: str) -> Panel:
    return PANELS[id_][1]


def test_each_sql_file_is_one_panel() -> None:
    names = [file.name for file in files("dashboards").joinpath("sql").iterdir()]

    assert sorted(names) == sorted(f"{id_}.sql" for id_ in PANELS)
    assert len(PANELS) == sum(len(dashboard.panels) for dashboard in DASHBOARDS)


@every_panel
def test_words_are_sentences(id_: str) -> None:
    panel = panel_of(id_)

    assert panel.title
    assert panel.title[0].isupper()
    assert panel.description.endswith(".")
    assert panel.empty.endswith(".")
    assert panel.unit not in TEXTS | MOMENTS


@every_panel
def test_columns_suit_the_kind(id_: str) -> None:
    panel = panel_of(id_)
    first, *others = (column.unit for column in panel.columns if not column.hidden)
    match panel.kind:
        case Kind.STAT:
            assert first is panel.unit
            assert not others
        case Kind.TIME_SERIES | Kind.LINES:
            assert first in MOMENTS
            assert others[-1] is panel.unit
        case Kind.BARS | Kind.STACKED_BARS | Kind.HEAT_MAP:
            assert first in TEXTS
            assert set(others) == {panel.unit}
        case Kind.MATRIX:
            assert {first, others[0]} <= TEXTS
            assert others[1] is panel.unit
        case Kind.INTERVALS:
            assert others[:4] == [panel.unit, panel.unit, panel.unit, Unit.SHARE]
        case Kind.TABLE:
            assert first in TEXTS
        case Kind.RECORD:
            assert others


@every_panel
@pytest.mark.parametrize("values", [[], ["x"]], ids=["nothing chosen", "all chosen"])
def test_queries_hold_no_macro_that_the_page_does_not_know(id_: str, values: list[str]) -> None:
    dashboard, panel = PANELS[id_]
    variables = chosen_values(
        dashboard.variables, {variable.name: values for variable in dashboard.variables}
    )

    assert "$" not in expand(panel.sql, Scope(START, END, 3600, variables))


@every_panel
def test_links_lead_to_variables_and_take_columns_that_there_are(id_: str) -> None:
    panel = panel_of(id_)
    names = {column.name for column in panel.columns}
    for link in (column.link for column in panel.columns if column.link):
        known = {variable.name for variable in BY_ID[link.dashboard].variables}
        assert link.variables.keys() <= known
        assert set(link.variables.values()) <= names


@every_panel
def test_thresholds_rise(id_: str) -> None:
    for column in panel_of(id_).columns:
        starts = [threshold.start for threshold in column.thresholds]
        assert starts == sorted(starts)


@every_dashboard
def test_panels_fill_the_rows_of_the_grid(dashboard: Dashboard) -> None:
    for section in dashboard.sections:
        filled = 0
        for panel in section.panels:
            filled = filled % GRID + panel.size.width
            assert filled <= GRID
        assert filled == GRID


@every_dashboard
def test_every_variable_is_used(dashboard: Dashboard) -> None:
    for variable in dashboard.variables:
        assert any(f"${{{variable.name}:singlequote}}" in panel.sql for panel in dashboard.panels)


def test_a_variable_means_the_same_everywhere() -> None:
    for dashboard in DASHBOARDS:
        for variable in dashboard.variables:
            assert VARIABLES[variable.name] == variable


def test_without_a_choice_any_means_all_and_one_means_nobody() -> None:
    values = chosen_values(tuple(VARIABLES.values()), {"role": ["lead"], "skill": []})

    assert values["role"] == ["lead"]
    assert {name: values[name] for name in ("skill", "person", "statement")} == {
        "skill": [],
        "person": [""],
        "statement": [""],
    }
    assert VARIABLES["person"].choice is Choice.ONE


@pytest.mark.parametrize("id_", ["shortlist", "skill_levels", "gaps", "learner_skills", "statement_evidence"])
def test_levels_are_never_shown_without_saying_what_ageing_means(id_: str) -> None:
    assert "drift towards the prior" in panel_of(id_).description.replace("  ", " ")
    assert "does not say that the person forgot" in panel_of(id_).description


@pytest.mark.parametrize("id_", ["shortlist", "learner_readiness", "movers"])
def test_a_missing_score_is_never_shown_as_a_low_one(id_: str) -> None:
    scores = [column for column in panel_of(id_).columns if column.name in {"score", "was", "now"}]

    assert scores
    assert {score.missing for score in scores} == {"too little evidence"}


@pytest.mark.parametrize("id_", ["insufficient_evidence", "readiness_by_role"])
def test_too_little_evidence_says_nothing_about_somebody(id_: str) -> None:
    assert "never that somebody is weak" in panel_of(id_).description
