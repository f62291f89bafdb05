"""The header of a panel's SQL file."""

import pytest

from dashboards.sql_text import parse

WHOLE = """\
-- title: Statements
-- description: What the figure says,
--   continued: here.
-- unit: statements
-- empty: Nothing.

SELECT 1
-- a comment of the query's own
FROM nowhere
"""


def test_a_file_is_its_words_and_its_query() -> None:
    text = parse(WHOLE)

    assert text.header == {
        "title": "Statements",
        "description": "What the figure says, continued: here.",
        "unit": "statements",
        "empty": "Nothing.",
    }
    assert text.sql == "SELECT 1\n-- a comment of the query's own\nFROM nowhere"


@pytest.mark.parametrize(
    ("before", "after", "complaint"),
    [
        ("-- unit: statements\n", "", "it needs title, description, unit, empty"),
        ("-- unit: statements\n", "-- unit: statements\n-- unit: people\n", "'unit' stands twice"),
        ("-- title: Statements\n", "--   hanging\n", "not a line of a header"),
        ("-- empty: Nothing.\n", "-- empty:\n", "not a line of a header"),
        ("-- empty: Nothing.\n\n", "-- empty: Nothing.\n", "not a line of a header"),
    ],
)
def test_a_wrong_header_is_refused(before: str, after: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        parse(WHOLE.replace(before, after))
