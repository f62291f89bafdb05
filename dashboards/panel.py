"""What a panel is: words and query from its SQL file, look and place from Python."""

from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files

from dashboards.sql_text import parse


class Unit(StrEnum):
    """What a value is: what a number counts in the word that a reader sees, or which kind of text it is.

    A code is a machine-readable word that is shown as an ordinary one, an id a pseudonym.
    """

    TEXT = ""
    CODE = "code"
    ID = "id"
    TIME = "time"
    STATEMENTS = "statements"
    PEOPLE = "people"
    HOURS = "hours"
    COMPLETIONS = "completions"
    RECORDS = "records"
    POINTS = "points"
    SHARE = "share"
    SECONDS = "seconds"


class Kind(StrEnum):
    """How a panel is drawn. In charts the first column is the axis, the others are series."""

    STAT = "stat"
    TIME_SERIES = "time_series"
    BARS = "bars"
    STACKED_BARS = "stacked_bars"
    HEAT_MAP = "heat_map"
    TABLE = "table"


class Tone(StrEnum):
    """What a series means, from which each surface takes a colour."""

    GOOD = "good"
    ATTENTION = "attention"
    NEUTRAL = "neutral"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a panel's query, in the order of the query. `missing` is shown for null."""

    name: str
    title: str
    unit: Unit = Unit.TEXT
    tone: Tone | None = None
    missing: str = ""


@dataclass(frozen=True, slots=True)
class Size:
    """Place taken on a grid that is 24 wide; a row of height 1 is 30 pixels in Grafana."""

    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Panel:
    """One panel. `empty` is shown instead of a drawing without rows, or below a figure of zero."""

    id: str
    kind: Kind
    size: Size
    columns: tuple[Column, ...]
    title: str
    description: str
    unit: Unit
    empty: str
    sql: str


def panel(id_: str, kind: Kind, size: Size, *columns: Column) -> Panel:
    """The panel whose words and query stand in `sql/<id>.sql`. Raises `ValueError` if that file is wrong."""
    text = parse(files("dashboards").joinpath("sql", f"{id_}.sql").read_text("utf-8"))
    unit = Unit(text.header["unit"])
    title, description, empty = (text.header[name] for name in ("title", "description", "empty"))
    return Panel(id_, kind, size, columns, title, description, unit, empty, text.sql)
