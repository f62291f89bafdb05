"""Rows as JSON and CSV."""

import csv
import io
import json
from datetime import UTC, date, datetime

from dashboards.answers import as_csv, as_json, panel_content
from dashboards.catalogue import PANELS
from dashboards.ranges import Range
from dashboards.store import Rows

DAY = Range(datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC))


def test_times_are_written_as_utc() -> None:
    content = {"naive": datetime(2026, 1, 1, 8, 0), "aware": DAY.start, "day": date(2026, 1, 1)}  # noqa: DTZ001

    assert json.loads(as_json(content)) == {
        "naive": "2026-01-01T08:00:00Z",
        "aware": "2026-01-01T00:00:00Z",
        "day": "2026-01-01",
    }


def test_what_is_not_a_number_is_null() -> None:
    assert as_json([float("nan")]) == b"[null]"


def test_a_panel_says_what_its_columns_are() -> None:
    content = json.loads(as_json(panel_content(PANELS["engagement"][1], DAY, Rows([("new", 2)]))))

    assert content["rows"] == [["new", 2]]
    assert (content["from"], content["to"]) == ("2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z")
    assert content["columns"][1] == {
        "name": "people",
        "title": "People",
        "unit": "people",
        "tone": "neutral",
        "missing": "",
        "hidden": False,
        "link": None,
        "thresholds": [],
    }


def test_a_column_says_where_it_leads_and_what_its_numbers_mean() -> None:
    shortlist = json.loads(as_json(panel_content(PANELS["shortlist"][1], DAY, Rows([]))))
    waiting = json.loads(as_json(panel_content(PANELS["waiting"][1], DAY, Rows([]))))

    link = {"dashboard": "learner", "variables": {"person": "person", "role": "role"}}
    assert shortlist["columns"][0]["link"] == link
    assert waiting["columns"][0]["thresholds"][1] == {"start": 1, "tone": "attention"}


def test_csv_has_titles_and_quotes() -> None:
    text = as_csv(PANELS["top_courses"][1], [('Say "hi", now', 3, 1, "x")])

    assert text == 'Course,Learners,of whom completed,Activity\r\n"Say ""hi"", now",3,1,x\r\n'


def test_csv_holds_no_formula() -> None:
    rows = [('=HYPERLINK("x")', 3, 1, ""), ("+1", -2, 0, ""), ("@a", 0, 0, ""), ("a-b", 0, 0, "")]
    text = as_csv(PANELS["top_courses"][1], rows)

    names = [row[0] for row in csv.reader(io.StringIO(text))][1:]
    assert names == ['\'=HYPERLINK("x")', "'+1", "'@a", "a-b"]
    assert "\r\n'+1,-2,0,\r\n" in text
