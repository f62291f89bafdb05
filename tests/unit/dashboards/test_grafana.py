"""The Grafana dashboard says what the panels say."""

import json
from importlib.resources import files
from typing import Any

import pytest
import yaml

from dashboards.grafana import render
from dashboards.panels import BY_ID, SECTIONS

ROOT = files("dashboards")
COMMITTED = ROOT.joinpath("grafana", "learning-and-readiness.json").read_text("utf-8")
DASHBOARD: dict[str, Any] = json.loads(COMMITTED)
SOURCE = {"type": "grafana-clickhouse-datasource", "uid": "${datasource}"}
SHOWN: list[dict[str, Any]] = [panel for panel in DASHBOARD["panels"] if panel["type"] != "row"]

every_shown = pytest.mark.parametrize("panel", SHOWN, ids=lambda panel: panel["title"])


def test_the_committed_file_is_what_the_panels_give() -> None:
    assert render() == COMMITTED


def test_every_panel_is_there_in_order() -> None:
    rows = [panel["title"] for panel in DASHBOARD["panels"] if panel["type"] == "row"]

    assert rows == [section.title for section in SECTIONS]
    assert [panel["title"] for panel in SHOWN] == [panel.title for panel in BY_ID.values()]
    numbers = [panel["id"] for panel in DASHBOARD["panels"]]
    assert len(set(numbers)) == len(numbers)


@every_shown
def test_a_panel_has_description_unit_and_words_for_nothing(panel: dict[str, Any]) -> None:
    defaults = panel["fieldConfig"]["defaults"]

    assert panel["description"]
    assert defaults["unit"]
    assert defaults["noValue"]
    assert panel["datasource"] == SOURCE


@every_shown
def test_a_target_is_a_query_of_the_clickhouse_data_source(panel: dict[str, Any]) -> None:
    (target,) = panel["targets"]
    is_series = panel["type"] == "timeseries"

    assert target["datasource"] == SOURCE
    assert (target["refId"], target["editorType"]) == ("A", "sql")
    assert (target["queryType"], target["format"]) == (("timeseries", 0) if is_series else ("table", 1))
    assert target["rawSql"] in {panel.sql for panel in BY_ID.values()}


@every_shown
def test_a_null_is_named_by_its_column(panel: dict[str, Any]) -> None:
    named = {
        override["matcher"]["options"]: found["value"]
        for override in panel["fieldConfig"]["overrides"]
        for found in override["properties"]
        if found["id"] == "noValue"
    }
    (known,) = (ours for ours in BY_ID.values() if ours.title == panel["title"])

    assert named == {column.name: column.missing for column in known.columns if column.missing}


def test_panels_do_not_overlap() -> None:
    taken: set[tuple[int, int]] = set()
    for panel in DASHBOARD["panels"]:
        place = panel["gridPos"]
        cells = {
            (place["x"] + column, place["y"] + row)
            for column in range(place["w"])
            for row in range(place["h"])
        }
        assert not cells & taken
        taken |= cells


def test_source_and_role_are_variables() -> None:
    source, role = DASHBOARD["templating"]["list"]

    assert (source["name"], source["type"], source["query"]) == ("datasource", "datasource", SOURCE["type"])
    assert (role["name"], role["multi"], role["includeAll"]) == ("role", True, True)
    assert role["current"]["value"] == "$__all"


def test_provisioning_takes_addresses_and_secrets_from_the_environment() -> None:
    text = ROOT.joinpath("provisioning", "datasources", "clickhouse.yaml").read_text("utf-8")
    (source,) = yaml.safe_load(text)["datasources"]

    assert source["type"] == SOURCE["type"]
    assert source["secureJsonData"] == {"password": "$CLICKHOUSE_PASSWORD"}
    for name in ("host", "port", "username", "defaultDatabase"):
        assert source["jsonData"][name].startswith("$CLICKHOUSE_")


def test_provisioned_dashboards_are_not_edited_in_grafana() -> None:
    text = ROOT.joinpath("provisioning", "dashboards", "readystream.yaml").read_text("utf-8")
    (provider,) = yaml.safe_load(text)["providers"]

    assert (provider["type"], provider["allowUiUpdates"]) == ("file", False)
    assert provider["options"]["path"]
