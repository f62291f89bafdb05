"""Rows as JSON and CSV."""

import csv
import io
import json
from datetime import UTC, date, datetime

from dashboards.answers import as_csv, as_json, panel_content
from dashboards.panels import BY_ID
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
    content = json.loads(as_json(panel_content(BY_ID["engagement"], DAY, Rows([("new", 2)]))))

    assert content["rows"] == [["new", 2]]
    assert (content["from"], content["to"]) == ("2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z")
    assert content["columns"][1] == {
        "name": "people",
        "title": "People",
        "unit": "people",
        "tone": "neutral",
        "missing": "",
    }


def test_csv_has_titles_and_quotes() -> None:
    text = as_csv(BY_ID["top_courses"], [('Say "hi", now', 3, 1)])

    assert text == 'Course,Learners,of whom completed\r\n"Say ""hi"", now",3,1\r\n'


def test_csv_holds_no_formula() -> None:
    text = as_csv(
        BY_ID["top_courses"], [('=HYPERLINK("x")', 3, 1), ("+1", -2, 0), ("@a", 0, 0), ("a-b", 0, 0)]
    )

    names = [row[0] for row in csv.reader(io.StringIO(text))][1:]
    assert names == ['\'=HYPERLINK("x")', "'+1", "'@a", "a-b"]
    assert "\r\n'+1,-2,0\r\n" in text
