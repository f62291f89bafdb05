"""The Grafana dashboard says what the panels say."""

import json
from importlib.resources import files
from typing import Any

import pytest
import yaml

from dashboards.catalogue import DASHBOARDS, PANELS
from dashboards.dashboard import Choice, Dashboard
from dashboards.grafana import render
from dashboards.panel import Kind

ROOT = files("dashboards")
SOURCE = {"type": "grafana-clickhouse-datasource", "uid": "${datasource}"}
COMMITTED = {ours.id: ROOT.joinpath("grafana", f"{ours.id}.json").read_text("utf-8") for ours in DASHBOARDS}
PARSED: dict[str, dict[str, Any]] = {id_: json.loads(text) for id_, text in COMMITTED.items()}
SHOWN: dict[str, dict[str, Any]] = {
    ours.id: drawn
    for dashboard in DASHBOARDS
    for ours, drawn in zip(
        dashboard.panels,
        [panel for panel in PARSED[dashboard.id]["panels"] if panel["type"] != "row"],
        strict=True,
    )
}

every_dashboard = pytest.mark.parametrize("dashboard", DASHBOARDS, ids=lambda dashboard: dashboard.id)
every_shown = pytest.mark.parametrize("id_", list(SHOWN))


@every_dashboard
def test_the_committed_file_is_what_the_panels_give(dashboard: Dashboard) -> None:
    assert render(dashboard) == COMMITTED[dashboard.id]


@every_dashboard
def test_every_panel_is_there_in_order(dashboard: Dashboard) -> None:
    panels = PARSED[dashboard.id]["panels"]

    rows = [panel["title"] for panel in panels if panel["type"] == "row"]
    assert rows == [section.title for section in dashboard.sections]
    assert [SHOWN[panel.id]["title"] for panel in dashboard.panels] == [
        panel.title for panel in dashboard.panels
    ]
    numbers = [panel["id"] for panel in panels]
    assert len(set(numbers)) == len(numbers)


@every_shown
def test_a_panel_has_description_unit_and_words_for_nothing(id_: str) -> None:
    panel = SHOWN[id_]
    defaults = panel["fieldConfig"]["defaults"]

    assert panel["description"]
    assert defaults["unit"]
    assert defaults["noValue"]
    assert panel["datasource"] == SOURCE


@every_shown
def test_a_target_is_a_query_of_the_clickhouse_data_source(id_: str) -> None:
    panel = SHOWN[id_]
    (target,) = panel["targets"]
    is_series = panel["type"] == "timeseries"

    assert target["datasource"] == SOURCE
    assert (target["refId"], target["editorType"]) == ("A", "sql")
    assert (target["queryType"], target["format"]) == (("timeseries", 0) if is_series else ("table", 1))
    assert target["rawSql"] == PANELS[id_][1].sql


def overridden(id_: str, name: str) -> dict[str, Any]:
    """What a panel says of its columns under one property, by column."""
    return {
        override["matcher"]["options"]: found["value"]
        for override in SHOWN[id_]["fieldConfig"]["overrides"]
        for found in override["properties"]
        if found["id"] == name
    }


@every_shown
def test_a_null_is_named_by_its_column(id_: str) -> None:
    columns = PANELS[id_][1].columns

    assert overridden(id_, "noValue") == {column.name: column.missing for column in columns if column.missing}


def test_a_person_leads_to_the_learner_and_keeps_what_is_chosen() -> None:
    (link,) = overridden("shortlist", "links")["person"]

    assert link["url"] == (
        "/d/readystream-learner?var-person=${__data.fields.person:percentencode}"
        "&var-role=${__data.fields.role:percentencode}&${skill:queryparam}"
        "&${__url_time_range}&${datasource:queryparam}"
    )


def test_a_piece_of_evidence_leads_to_its_statement() -> None:
    (link,) = overridden("learner_evidence", "links")["statement"]

    assert link["url"].startswith("/d/readystream-statement?var-statement=${__data.fields.statement")


def test_thresholds_colour_a_number() -> None:
    steps = overridden("waiting", "thresholds")["statements"]["steps"]

    assert steps[:2] == [{"color": "green", "value": None}, {"color": "yellow", "value": 1}]


def test_cells_are_brought_into_rows_and_columns() -> None:
    (transformation,) = SHOWN["gaps"]["transformations"]

    assert transformation["id"] == "groupingToMatrix"
    assert PANELS["gaps"][1].kind is Kind.MATRIX


@every_dashboard
def test_panels_do_not_overlap(dashboard: Dashboard) -> None:
    taken: set[tuple[int, int]] = set()
    for panel in PARSED[dashboard.id]["panels"]:
        place = panel["gridPos"]
        cells = {
            (place["x"] + column, place["y"] + row)
            for column in range(place["w"])
            for row in range(place["h"])
        }
        assert not cells & taken
        taken |= cells


@every_dashboard
def test_source_and_choices_are_variables(dashboard: Dashboard) -> None:
    source, *others = PARSED[dashboard.id]["templating"]["list"]

    assert (source["name"], source["type"], source["query"]) == ("datasource", "datasource", SOURCE["type"])
    assert [variable["name"] for variable in others] == [ours.name for ours in dashboard.variables]
    for ours, variable in zip(dashboard.variables, others, strict=True):
        assert variable["type"] == ("textbox" if ours.choice is Choice.TEXT else "query")
        assert variable.get("includeAll", False) == (ours.choice is Choice.ANY)


def test_provisioning_takes_addresses_and_secrets_from_the_environment() -> None:
    text = ROOT.joinpath("provisioning", "datasources", "clickhouse.yaml").read_text("utf-8")
    (source,) = yaml.safe_load(text)["datasources"]

    assert source["type"] == SOURCE["type"]
    assert source["secureJsonData"] == {"password": "$__file{/run/secrets/clickhouse_password}"}
    for name in ("host", "port", "username", "defaultDatabase"):
        assert source["jsonData"][name].startswith("$CLICKHOUSE_")


def test_provisioned_dashboards_are_not_edited_in_grafana() -> None:
    text = ROOT.joinpath("provisioning", "dashboards", "readystream.yaml").read_text("utf-8")
    (provider,) = yaml.safe_load(text)["providers"]

    assert (provider["type"], provider["allowUiUpdates"]) == ("file", False)
    assert provider["options"]["path"]
