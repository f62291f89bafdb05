"""Engagement: what somebody did on each UTC day, and what 7, 30, 90 and 180 of them come to.

Days are ints since 1970-01-01. Cells of a persona form a group: what was added can be taken away again
exactly, in any order. Figures of a person are the OR and the sum of the cells of their personas.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import exp
from typing import Any, Self, TypeVar

from msgspec import Struct

from streams.core.derive import Derived
from streams.core.moments import DAY_US, Marks

# What active time may rest on, the most trustworthy first.
TIME_SOURCES = ("cmi5", "scorm", "video", "slots")
WINDOW_DAYS = (7, 30, 90, 180)
SLOT_MINUTES = 5
LONGEST_DAY_MINUTES = 720
# Idle for this long: inactive. Known for less than this: new, and without a score.
INACTIVE_DAYS = NEW_DAYS = 14
DISENGAGING_DAYS = 7
RECENCY_HALF_LIFE_DAYS = 14
_Key = TypeVar("_Key")
_RANK = {source: rank for rank, source in enumerate(TIME_SOURCES)}


class DayPart(Struct, frozen=True, gc=False):
    """What one statement contributes to one day; `marks` is None where it marks no slot."""

    marks: Marks | None
    statements: int = 0
    completions: int = 0
    passes: int = 0
    fails: int = 0
    sessions: int = 0
    time_source: str = "slots"


def split_by_day(derived: Derived) -> dict[int, DayPart]:
    """The days that a statement touches. Its counts belong to the day on which it happened."""
    source = derived.time_source
    day = derived.event_us // DAY_US
    marks = None
    parts = {}
    for run in derived.marks:
        if run.day == day:
            marks = run
        else:
            parts[run.day] = DayPart(run, time_source=source)
    parts[day] = DayPart(
        marks, 1, derived.completions, derived.passes, derived.fails, derived.sessions, source
    )
    return parts


@dataclass(slots=True)
class DayCell:
    """What one persona did on one UTC day.

    `edges` is the difference, from slot to slot, of how many statements mark a slot as active: a run adds
    1 at its first slot and takes 1 away behind its last. So a void can take away a run, and the slots
    that others mark too stay marked. `sources` counts the marking statements by time source.
    """

    statements: int = 0
    completions: int = 0
    passes: int = 0
    fails: int = 0
    sessions: int = 0
    sources: dict[str, int] = field(default_factory=dict)
    edges: dict[int, int] = field(default_factory=dict)

    def apply(self, part: DayPart, sign: int) -> None:
        """Add (`sign` +1) or take away (-1) what a statement contributes."""
        self.statements += sign * part.statements
        self.completions += sign * part.completions
        self.passes += sign * part.passes
        self.fails += sign * part.fails
        self.sessions += sign * part.sessions
        if part.marks is not None:
            _shift(self.sources, part.time_source, sign)
            _shift(self.edges, part.marks.first, sign)
            _shift(self.edges, part.marks.last + 1, -sign)

    @property
    def bitmap(self) -> int:
        """Bit i is set when slot i is active."""
        bits = marking = start = 0
        for slot in sorted(self.edges):
            if marking > 0:
                bits |= (1 << slot) - (1 << start)
            marking += self.edges[slot]
            start = slot
        return bits

    @property
    def is_empty(self) -> bool:
        """Whether nothing contributes to it."""
        counted = self.statements or self.completions or self.passes or self.fails or self.sessions
        return not (counted or self.sources or self.edges)

    @property
    def time_source(self) -> str:
        """The best source that any of its active time rests on."""
        return _best(source for source, count in self.sources.items() if count > 0)

    def figures(self) -> "DayFigures":
        """What the cell amounts to."""
        return DayFigures(
            self.bitmap,
            self.statements,
            self.completions,
            self.passes,
            self.fails,
            self.sessions,
            self.time_source,
        )

    def to_json(self) -> list[Any]:
        """Compact and canonical: equal cells give equal lists."""
        counts = [self.statements, self.completions, self.passes, self.fails, self.sessions]
        sources = [self.sources.get(source, 0) for source in TIME_SOURCES]
        return [counts, sources, [number for edge in sorted(self.edges.items()) for number in edge]]

    @classmethod
    def from_json(cls, content: list[Any]) -> Self:
        """Inverse of `to_json`."""
        counts, sources, edges = content
        cell = cls(*counts)
        cell.sources = {name: count for name, count in zip(TIME_SOURCES, sources, strict=True) if count}
        cell.edges = dict(zip(edges[::2], edges[1::2], strict=True))
        return cell


def _shift(counts: dict[_Key, int], key: _Key, by: int) -> None:
    """Change a count; one that is 0 is not kept, so that equal content has one form."""
    count = counts.get(key, 0) + by
    if count:
        counts[key] = count
    else:
        counts.pop(key, None)


def _best(sources: Iterable[str]) -> str:
    return min(sources, key=_RANK.__getitem__, default=TIME_SOURCES[-1])


class DayFigures(Struct, frozen=True, gc=False):
    """One UTC day in figures. `slots` is a bitmap: bit i is five-minute slot i."""

    slots: int = 0
    statements: int = 0
    completions: int = 0
    passes: int = 0
    fails: int = 0
    sessions: int = 0
    time_source: str = TIME_SOURCES[-1]

    @property
    def active_minutes(self) -> int:
        """Minutes in active slots, at most twelve hours."""
        return min(SLOT_MINUTES * self.slots.bit_count(), LONGEST_DAY_MINUTES)


def merge_days(figures: Iterable[DayFigures]) -> DayFigures:
    """One day of several personas: slots are joined, counts are added, the best time source is named."""
    merged = list(figures)
    slots = 0
    for day in merged:
        slots |= day.slots
    return DayFigures(
        slots,
        sum(day.statements for day in merged),
        sum(day.completions for day in merged),
        sum(day.passes for day in merged),
        sum(day.fails for day in merged),
        sum(day.sessions for day in merged),
        _best(day.time_source for day in merged),
    )


class Window(Struct, frozen=True, gc=False):
    """Figures of `days` whole UTC days; `score` is 0 to 100, None while the person is new."""

    days: int
    active_days: int
    active_minutes: int
    statements: int
    completions: int
    passes: int
    fails: int
    sessions: int
    score: float | None


class Engagement(Struct, frozen=True):
    """Engagement of a person up to the end of UTC day `as_of`; `windows` has the shortest first.

    `label` is active, new, disengaging or inactive. `trend` is minutes per day over 30 days relative to
    180 days, minus 1; None without minutes.
    """

    as_of: int
    label: str
    trend: float | None
    last_active_day: int | None
    time_source: str
    windows: tuple[Window, ...]


def windows(days: Mapping[int, DayFigures], as_of: int) -> Engagement:
    """Engagement in the windows `[T-W, T)`, T being the end of day `as_of`. Later days do not count.

    A day is active when a slot of it is; a day that only knows acts of a system is known, not active.
    """
    known = {day: figures for day, figures in days.items() if day <= as_of}
    last_active = max([day for day, figures in known.items() if figures.slots], default=None)
    idle = None if last_active is None else as_of - last_active
    label = _label(as_of + 1 - min(known, default=as_of + 1), idle)
    measured = tuple([_window(known, as_of, length, idle, scored=label != "new") for length in WINDOW_DAYS])
    return Engagement(
        as_of=as_of,
        label=label,
        trend=_trend(measured),
        last_active_day=last_active,
        time_source=_best({day.time_source for day in _within(known, as_of, WINDOW_DAYS[-1])}),
        windows=measured,
    )


def _within(days: Mapping[int, DayFigures], as_of: int, length: int) -> list[DayFigures]:
    return [figures for day, figures in days.items() if day > as_of - length]


def _label(days_known: int, idle: int | None) -> str:
    if days_known < NEW_DAYS:
        return "new"
    if idle is None or idle >= INACTIVE_DAYS:
        return "inactive"
    return "disengaging" if idle >= DISENGAGING_DAYS else "active"


def _window(
    days: Mapping[int, DayFigures], as_of: int, length: int, idle: int | None, *, scored: bool
) -> Window:
    inside = _within(days, as_of, length)
    active = [day.active_minutes for day in inside if day.slots]
    active_days, minutes = len(active), sum(active)
    return Window(
        days=length,
        active_days=active_days,
        active_minutes=minutes,
        statements=sum([day.statements for day in inside]),
        completions=sum([day.completions for day in inside]),
        passes=sum([day.passes for day in inside]),
        fails=sum([day.fails for day in inside]),
        sessions=sum([day.sessions for day in inside]),
        score=score(length, active_days, minutes, idle) if scored else None,
    )


def score(length: int, active_days: int, minutes: int, idle: int | None) -> float:
    """Engagement 0 to 100 in a window of `length` days: recency, regularity and intensity.

    Full regularity is eight active days in thirty; intensity reaches 63 % at four minutes a day. `idle`
    is the number of days since the last active one, None when there is none.
    """
    recency = 0.0 if idle is None else 2.0 ** (-idle / RECENCY_HALF_LIFE_DAYS)
    regularity = min(1.0, active_days / (8 * length / 30))
    intensity = 1 - exp(-minutes / (4 * length))
    return 100 * (0.3 * recency + 0.4 * regularity + 0.3 * intensity)


def _trend(measured: tuple[Window, ...]) -> float | None:
    by_length = {window.days: window.active_minutes / window.days for window in measured}
    return by_length[30] / by_length[180] - 1 if by_length[180] else None
