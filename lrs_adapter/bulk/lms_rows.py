"""Rows of an LMS export as statements.

A row says that a learner enrolled in a course, completed it, and was given a badge for it: one statement
each, with the times that the export gives. What has no date is no statement: a score or a badge without a
completion date is a fault, time spent in a course that goes on is passed over until it is completed.

The id of a statement is made of the learner, the object, the verb and the time. The same row gives the same
statements, in any export; a row that was corrected under the same dates contradicts its earlier self.
"""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID, uuid5

import orjson

from lrs_adapter.bulk.mapping import CsvMapping
from schemas.outcomes import Fault

_NAMESPACE = UUID("9f4b5b0e-2d5e-5c0f-8f0a-6c1f3f6f1d27")
_VERBS = {
    "registered": "http://adlnet.gov/expapi/verbs/registered",
    "completed": "http://adlnet.gov/expapi/verbs/completed",
    "earned": "http://id.tincanapi.com/verb/earned",
}
_NEED_COMPLETION = ("score", "badge")

Values = Mapping[str, Any]
"""What a row says, by target; what is empty is absent."""


def read_values(cells: Mapping[str, str], mapping: CsvMapping) -> tuple[dict[str, Any], list[Fault]]:
    """(values, faults) of a row; a fault's pointer is the name of the column."""
    values: dict[str, Any] = {}
    faults: list[Fault] = []
    for column in mapping.columns:
        if not (cell := cells.get(column.source, "").strip()):
            continue
        try:
            values[column.target] = column.value(cell)
        except ValueError as error:
            faults.append(Fault(column.source, str(error)))
    return values, faults or list(_missing(values, mapping))


def statements(values: Values) -> Iterator[dict[str, Any]]:
    """The statements that a faultless row makes."""
    if "enrolled" in values:
        yield _statement(values, "registered", values["course"], values["enrolled"])
    if "completed" in values:
        completed = _statement(values, "completed", values["course"], values["completed"])
        yield {**completed, "result": _result(values)}
    if "badge" in values:
        earned = _statement(values, "earned", values["badge"], values["completed"])
        yield {**earned, "context": {"contextActivities": {"parent": [{"id": values["course"]}]}}}


def _missing(values: Values, mapping: CsvMapping) -> Iterator[Fault]:
    named = {column.target: column.source for column in mapping.columns}
    for target in ("learner", "course"):
        if target not in values:
            yield Fault(named[target], "is required")
    if "enrolled" not in values and "completed" not in values:
        yield Fault(named.get("completed", named.get("enrolled", "")), "the row has no date")
    for target in _NEED_COMPLETION:
        if target in values and "completed" not in values:
            yield Fault(named[target], "there is no completion date to go with it")


def _statement(values: Values, verb: str, activity: str, timestamp: str) -> dict[str, Any]:
    identity = [values["learner"], verb, activity, timestamp]
    made = uuid5(_NAMESPACE, orjson.dumps(identity, option=orjson.OPT_SORT_KEYS).decode())
    return {
        "id": str(made),
        "actor": values["learner"],
        "verb": {"id": _VERBS[verb]},
        "object": {"id": activity},
        "timestamp": timestamp,
    }


def _result(values: Values) -> dict[str, Any]:
    result: dict[str, Any] = {"completion": True}
    if "score" in values:
        result["score"] = {"scaled": values["score"]}
    if "duration" in values:
        result["duration"] = values["duration"]
    return result
