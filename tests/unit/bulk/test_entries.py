"""From streams to entries: statements or what is wrong."""

import json

import pytest

from lrs_adapter.bulk.entries import Entry, csv_entries, statement_entries
from lrs_adapter.bulk.judge import Judged
from schemas.outcomes import Fault, Rejected
from tests.unit.bulk.samples import HEADER, mapping, stream, text


def from_csv(*lines: str, header: str = HEADER) -> list[Entry]:
    return list(csv_entries(stream("\n".join((header, *lines)) + "\n"), mapping()))


def values(entry: Entry) -> list[dict[str, object]]:
    assert all(isinstance(found, Judged) for found in entry.findings)
    return [found.kept.value for found in entry.findings if isinstance(found, Judged)]


def faults(entry: Entry) -> list[Fault]:
    return [fault for found in entry.findings if isinstance(found, Rejected) for fault in found.faults]


def test_good_and_bad_rows_go_side_by_side() -> None:
    entries = list(statement_entries(stream(text() + b"\n{}\n" + text(id=None) + b"\n")))
    assert [(entry.row, type(entry.findings[0])) for entry in entries] == [
        (1, Judged),
        (2, Rejected),
        (3, Judged),
    ]


def test_a_whole_row_is_three_statements() -> None:
    (entry,) = from_csv("u1,sql,2026-01-12,2026-02-03T15:40:00Z,87.5,95,gold")
    registered, completed, earned = values(entry)
    actor = {"account": {"homePage": "https://lms.example.com", "name": "u1"}}
    course = "https://learn.example.com/course/sql"
    assert registered == {
        "id": registered["id"],
        "actor": actor,
        "verb": {"id": "http://adlnet.gov/expapi/verbs/registered"},
        "object": {"id": course},
        "timestamp": "2026-01-12T00:00:00.000Z",
    }
    assert completed["result"] == {"completion": True, "score": {"scaled": 0.875}, "duration": "PT5700S"}
    assert completed["timestamp"] == earned["timestamp"] == "2026-02-03T15:40:00.000Z"
    assert earned["object"] == {"id": "https://learn.example.com/badge/gold"}
    assert earned["context"] == {"contextActivities": {"parent": [{"id": course}]}}


def test_the_same_row_has_the_same_ids_wherever_it_stands() -> None:
    row = "u1,sql,2026-01-12,2026-02-03,87.5,95,gold"
    (alone,) = from_csv(row)
    _, second = from_csv("u2,sql,2026-01-12,,,,", row)
    assert values(alone) == values(second)
    assert len({value["id"] for value in values(alone)}) == 3


def test_a_course_that_goes_on_is_an_enrolment() -> None:
    (entry,) = from_csv("u1,sql,2026-01-12,,,30,")
    assert [value["verb"] for value in values(entry)] == [{"id": "http://adlnet.gov/expapi/verbs/registered"}]


@pytest.mark.parametrize(
    ("row", "pointers"),
    [
        ("u1,sql,12.1.2026,,,,", ["enrollment_date"]),
        ("u1,sql,2026-01-12,2026-02-03,101,x,", ["score", "time_spent"]),
        (",,2026-01-12,,,,", ["user_id", "course_id"]),
        ("u1,sql,,,,,", ["completion_date"]),
        ("u1,sql,2026-01-12,,80,,gold", ["score", "badge_id"]),
        ("u1,sql", [""]),
        ("u1,sql,,,,,,more", [""]),
        ("u1,sql," + "2" * 5000 + ",,,,", ["enrollment_date"]),
        ('u1,"sql"x,2026-01-12,,,,', [""]),
    ],
)
def test_a_bad_row_names_its_columns_and_the_next_goes_on(row: str, pointers: list[str]) -> None:
    bad, good = from_csv(row, "u1,sql,2026-01-12,,,,")
    assert [fault.pointer for fault in faults(bad)] == pointers
    assert bad.raw == f"{row}\n".encode()
    assert (bad.row, good.row) == (2, 3)
    assert values(good)


def test_no_fault_repeats_a_cell() -> None:
    (bad,) = from_csv("u1,sql,secret-date,secret-date,secret-score,secret-time,")
    assert len(faults(bad)) == 4
    assert "secret" not in json.dumps([[fault.pointer, fault.message] for fault in faults(bad)])


def test_cells_may_hold_line_ends_and_further_columns() -> None:
    header = f"note,{HEADER}"
    first, second = from_csv('"one\ntwo",u1,sql,2026-01-12,,,,', ",u2,sql,2026-01-12,,,,", header=header)
    assert (first.row, second.row) == (2, 4)
    assert first.raw == b'"one\ntwo",u1,sql,2026-01-12,,,,\n'


def test_text_in_another_encoding_is_a_fault_of_its_cell() -> None:
    data = f"\ufeff{HEADER}\n".encode() + b"u1,caf\xe9,2026-01-12,,,,\n"
    (entry,) = csv_entries(stream(data), mapping())
    assert faults(entry) == [Fault("course_id", "not UTF-8")]
    assert entry.raw == b"u1,caf\xe9,2026-01-12,,,,\n"


def test_a_quote_without_an_end_is_bounded() -> None:
    rows = from_csv('u1,"sql,2026-01-12,,,,', *["u1,sql,2026-01-12,,,,"] * 20_000)
    assert faults(rows[0])
    assert len(rows[0].raw) < 200_000
    assert values(rows[-1])
