"""What a panel is: words and query from its SQL file, look and place from Python."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from importlib.resources import files

from dashboards.sql_text import parse


class Unit(StrEnum):
    """What a value is: what a number counts in the word that a reader sees, or which kind of text it is.

    A code is a machine-readable word that is shown as an ordinary one, an id a pseudonym or the id of a
    statement, json a text to be laid out, a duration a number of seconds in the unit that suits it.
    """

    TEXT = ""
    CODE = "code"
    ID = "id"
    JSON = "json"
    TIME = "time"
    DAY = "day"
    STATEMENTS = "statements"
    PEOPLE = "people"
    PERSONAS = "personas"
    ACTIVITIES = "activities"
    HOURS = "hours"
    MINUTES = "minutes"
    COMPLETIONS = "completions"
    RECORDS = "records"
    OFFSET = "offset"
    ROWS = "rows"
    ITEMS = "items"
    POINTS = "points"
    WEIGHT = "weight"
    SHARE = "share"
    SECONDS = "seconds"
    DURATION = "duration"


TEXTS = frozenset({Unit.TEXT, Unit.CODE, Unit.ID, Unit.JSON})
MOMENTS = frozenset({Unit.TIME, Unit.DAY})


class Kind(StrEnum):
    """How a panel is drawn.

    In charts the first column is the axis. The others are series, but: a matrix has one row for each of its
    cells (row, column, value), and intervals have value, lower and upper end and confidence. A record is
    each row on its own, as a list of names and values.
    """

    STAT = "stat"
    TIME_SERIES = "time_series"
    LINES = "lines"
    BARS = "bars"
    STACKED_BARS = "stacked_bars"
    HEAT_MAP = "heat_map"
    MATRIX = "matrix"
    INTERVALS = "intervals"
    TABLE = "table"
    RECORD = "record"


class Tone(StrEnum):
    """What a value or a series means, from which each surface takes a colour."""

    GOOD = "good"
    ATTENTION = "attention"
    PROBLEM = "problem"
    NEUTRAL = "neutral"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Threshold:
    """What a number means from `start` on, up to the next threshold."""

    start: float
    tone: Tone


@dataclass(frozen=True, slots=True)
class Link:
    """Where a value leads: a dashboard, and the columns of the row that set its variables there."""

    dashboard: str
    variables: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a panel's query, in the order of the query.

    `missing` is shown for null. A hidden column serves links and downloads.
    """

    name: str
    title: str
    unit: Unit = Unit.TEXT
    tone: Tone | None = None
    missing: str = ""
    link: Link | None = None
    thresholds: tuple[Threshold, ...] = ()
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Size:
    """Place taken on a grid that is 24 wide; a row of height 1 is 30 pixels in Grafana."""

    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Panel:
    """One panel. `empty` is shown instead of a drawing without rows, or below a figure of zero or null."""

    id: str
    kind: Kind
    size: Size
    columns: tuple[Column, ...]
    title: str
    description: str
    unit: Unit
    empty: str
    sql: str = field(repr=False)


def panel(id_: str, kind: Kind, size: Size, *columns: Column) -> Panel:
    """The panel whose words and query stand in `sql/<id>.sql`. Raises `ValueError` if that file is wrong."""
    text = parse(files("dashboards").joinpath("sql", f"{id_}.sql").read_text("utf-8"))
    unit = Unit(text.header["unit"])
    title, description, empty = (text.header[name] for name in ("title", "description", "empty"))
    return Panel(id_, kind, size, columns, title, description, unit, empty, text.sql)


def tile(id_: str, column: Column, width: int = 6) -> Panel:
    """A panel that shows one number."""
    return panel(id_, Kind.STAT, Size(width, 4), column)


def low_is_good(attention: float, problem: float) -> tuple[Threshold, ...]:
    """Thresholds of a number that should be small."""
    return (
        Threshold(0, Tone.GOOD),
        Threshold(attention, Tone.ATTENTION),
        Threshold(problem, Tone.PROBLEM),
    )
