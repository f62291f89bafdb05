"""A panel's rows as JSON for the page and as CSV for spreadsheets."""

import csv
import io
from collections.abc import Sequence
from typing import Any

import orjson

from dashboards.panel import Column, Panel
from dashboards.ranges import Range
from dashboards.store import Rows

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def as_json(content: object) -> bytes:
    """JSON; times without a zone are UTC, and UTC is written as `Z`."""
    return orjson.dumps(content, option=orjson.OPT_NAIVE_UTC | orjson.OPT_UTC_Z | orjson.OPT_SORT_KEYS)


def panel_content(panel: Panel, shown: Range, answer: Rows) -> dict[str, Any]:
    """What the page draws `panel` from."""
    return {
        "id": panel.id,
        "kind": panel.kind,
        "unit": panel.unit,
        "empty": panel.empty,
        "from": shown.start,
        "to": shown.end,
        "interval_s": shown.interval_s,
        "columns": [_column(column) for column in panel.columns],
        "rows": answer.rows,
    }


def as_csv(panel: Panel, rows: Sequence[Sequence[Any]]) -> str:
    """A header with the columns' titles, then the rows; RFC 4180.

    Text that a spreadsheet would take for a formula is preceded by an apostrophe: names come from outside.
    """
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([column.title for column in panel.columns])
    writer.writerows([[_cell(value) for value in row] for row in rows])
    return out.getvalue()


def _column(column: Column) -> dict[str, Any]:
    return {
        "name": column.name,
        "title": column.title,
        "unit": column.unit,
        "tone": column.tone,
        "missing": column.missing,
        "hidden": column.hidden,
        "link": column.link,
        "thresholds": column.thresholds,
    }


def _cell(value: object) -> object:
    if isinstance(value, str) and value.startswith(_FORMULA_STARTS):
        return f"'{value}"
    return value
