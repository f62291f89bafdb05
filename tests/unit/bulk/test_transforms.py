"""What transforms make of cells."""

from typing import Any

import pytest

from lrs_adapter.bulk.transforms import TRANSFORMS

GOOD: list[tuple[str, str, str, Any]] = [
    ("lowercase_email", "", "Ana@Example.COM", {"mbox": "mailto:ana@example.com"}),
    (
        "account",
        "https://lms.example.com",
        "u1",
        {"account": {"homePage": "https://lms.example.com", "name": "u1"}},
    ),
    ("iri", "https://x.example/c/", "sql basics/é", "https://x.example/c/sql%20basics%2F%C3%A9"),
    ("iri", "", "block-v1:edX+x", "block-v1:edX+x"),
    ("parse_iso8601", "", "2026-03-01", "2026-03-01T00:00:00.000Z"),
    ("parse_iso8601", "", "2026-03-01T10:00:00.25+02:00", "2026-03-01T08:00:00.250Z"),
    ("parse_date", "%d/%m/%Y %H:%M", "01/03/2026 09:30", "2026-03-01T09:30:00.000Z"),
    ("parse_date", "%Y-%m-%d %H:%M%z", "2026-03-01 09:30+0200", "2026-03-01T07:30:00.000Z"),
    ("parse_unix_seconds", "", "1772355600", "2026-03-01T09:00:00.000Z"),
    ("normalize_score_0_100", "", "87.5", 0.875),
    ("normalize_score_0_100", "", "100%", 1.0),
    ("normalize_score", "20", "5", 0.25),
    ("seconds_to_duration", "", "90.5", "PT90.5S"),
    ("minutes_to_duration", "", "95", "PT5700S"),
    ("minutes_to_duration", "", "0", "PT0S"),
    ("clock_to_duration", "", "1:30:05", "PT5405S"),
    ("iso_duration", "", "PT1H30M", "PT1H30M"),
]
BAD: list[tuple[str, str, str]] = [
    ("lowercase_email", "", "ana"),
    ("account", "lms", "u1"),
    ("iri", "", "not an iri"),
    ("parse_iso8601", "", "01/03/2026"),
    ("parse_iso8601", "", "2026-02-30"),
    ("parse_date", "%d/%m/%Y", "2026-03-01"),
    ("parse_unix_seconds", "", "0"),
    ("parse_unix_seconds", "", "1e99"),
    ("normalize_score_0_100", "", "100.5"),
    ("normalize_score_0_100", "", "-1"),
    ("normalize_score_0_100", "", "nan"),
    ("normalize_score_0_100", "", "1_0"),
    ("normalize_score", "0", "0"),
    ("normalize_score", "x", "1"),
    ("seconds_to_duration", "", "-1"),
    ("clock_to_duration", "", "1:75"),
    ("iso_duration", "", "1h"),
]


@pytest.mark.parametrize(("name", "argument", "cell", "value"), GOOD)
def test_a_cell_becomes_a_value(name: str, argument: str, cell: str, value: Any) -> None:
    assert TRANSFORMS[name].apply(cell, argument) == value


@pytest.mark.parametrize(("name", "argument", "cell"), BAD)
def test_a_cell_that_cannot_be_meant_is_refused(name: str, argument: str, cell: str) -> None:
    with pytest.raises(ValueError, match=r"^not|home page|negative"):
        TRANSFORMS[name].apply(cell, argument)


def test_every_transform_is_shown() -> None:
    assert {name for name, *_ in GOOD} == set(TRANSFORMS)
