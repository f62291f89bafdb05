"""The SQL files of panels: a comment header in words, then one query.

::

    -- title: Statements
    -- description: What the figure says,
    --   continued on an indented line.
    -- unit: statements
    -- empty: What to show when there is nothing.

    SELECT ...
"""

import re
from dataclasses import dataclass

FIELDS = ("title", "description", "unit", "empty")
_FIELD = re.compile(r"-- (\w+): (.+)")
_CONTINUED = re.compile(r"--   (.+)")


@dataclass(frozen=True, slots=True)
class SqlText:
    """A parsed file: `header` has exactly `FIELDS`, `sql` has no header and no space around it."""

    header: dict[str, str]
    sql: str


def parse(text: str) -> SqlText:
    """Split a file into header and query. Raises `ValueError` for a header that lacks or repeats a field."""
    head, _, sql = text.partition("\n\n")
    header: dict[str, str] = {}
    for line in head.splitlines():
        if match := _FIELD.fullmatch(line):
            if match[1] in header:
                raise ValueError(f"{match[1]!r} stands twice in the header")
            header[match[1]] = match[2]
        elif header and (match := _CONTINUED.fullmatch(line)):
            header[next(reversed(header))] += f" {match[1]}"
        else:
            raise ValueError(f"not a line of a header: {line!r}")
    if tuple(header) != FIELDS:
        raise ValueError(f"the header has {', '.join(header)}; it needs {', '.join(FIELDS)}, in this order")
    return SqlText(header, sql.strip())
