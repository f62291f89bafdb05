"""Learning activity: who learns what, how much, when, and where it comes from."""

from dashboards.dashboard import Clock, Dashboard, Section
from dashboards.panel import Column, Kind, Link, Size, Tone, Unit, panel
from dashboards.variables import COURSE, SOURCE

_COURSE = Link("activity", {"course": "activity"})
_SMALL_TILE = Size(4, 4)

DASHBOARD = Dashboard(
    "activity",
    "Learning activity",
    "Who learns what, how much and when.",
    Clock.EVENTS,
    (SOURCE, COURSE),
    (
        Section(
            "At a glance",
            (
                panel(
                    "statements",
                    Kind.STAT,
                    _SMALL_TILE,
                    Column("statements", "Statements", Unit.STATEMENTS),
                ),
                panel(
                    "active_learners",
                    Kind.STAT,
                    _SMALL_TILE,
                    Column("learners", "Active learners", Unit.PEOPLE),
                ),
                panel(
                    "active_hours",
                    Kind.STAT,
                    _SMALL_TILE,
                    Column("active_hours", "Active hours", Unit.HOURS),
                ),
                panel(
                    "completions",
                    Kind.STAT,
                    _SMALL_TILE,
                    Column("completed", "Completions", Unit.COMPLETIONS),
                ),
                panel("finishers", Kind.STAT, _SMALL_TILE, Column("people", "Finishers", Unit.PEOPLE)),
                panel(
                    "pass_rate",
                    Kind.STAT,
                    _SMALL_TILE,
                    Column("passed", "Pass rate", Unit.SHARE),
                ),
            ),
        ),
        Section(
            "Day by day",
            (
                panel(
                    "statements_by_class",
                    Kind.TIME_SERIES,
                    Size(12, 9),
                    Column("time", "Time", Unit.TIME),
                    Column("kind", "Kind", Unit.CODE),
                    Column("statements", "Statements", Unit.STATEMENTS),
                ),
                panel(
                    "learners_per_day",
                    Kind.TIME_SERIES,
                    Size(12, 9),
                    Column("time", "Day", Unit.DAY),
                    Column("learners", "Active learners", Unit.PEOPLE),
                ),
                panel(
                    "hours_per_day",
                    Kind.TIME_SERIES,
                    Size(12, 9),
                    Column("time", "Day", Unit.DAY),
                    Column("active_hours", "Active hours", Unit.HOURS),
                ),
                panel(
                    "completions_per_day",
                    Kind.TIME_SERIES,
                    Size(12, 9),
                    Column("time", "Day", Unit.DAY),
                    Column("completed", "Completions", Unit.COMPLETIONS),
                ),
            ),
        ),
        Section(
            "Courses and sources",
            (
                panel(
                    "top_courses",
                    Kind.BARS,
                    Size(14, 11),
                    Column("course", "Course", link=_COURSE),
                    Column("learners", "Learners", Unit.PEOPLE, Tone.NEUTRAL),
                    Column("finishers", "of whom completed", Unit.PEOPLE, Tone.GOOD),
                    Column("activity", "Activity", Unit.ID, hidden=True),
                ),
                panel(
                    "engagement",
                    Kind.BARS,
                    Size(10, 11),
                    Column("label", "Engagement", Unit.CODE),
                    Column("people", "People", Unit.PEOPLE, Tone.NEUTRAL),
                ),
                panel(
                    "courses",
                    Kind.TABLE,
                    Size(24, 12),
                    Column("course", "Course", link=_COURSE),
                    Column("learners", "Learners", Unit.PEOPLE),
                    Column("active_hours", "Active hours", Unit.HOURS),
                    Column("finishers", "Completed by", Unit.PEOPLE),
                    Column("passed", "Pass rate", Unit.SHARE, missing="not assessed"),
                    Column("statements", "Statements", Unit.STATEMENTS),
                    Column("newest", "Last used", Unit.TIME),
                    Column("activity", "Activity", Unit.ID, hidden=True),
                ),
                panel(
                    "activity_by_source",
                    Kind.TABLE,
                    Size(24, 7),
                    Column("source", "Source", link=Link("activity", {"source": "source"})),
                    Column("learners", "Learners", Unit.PEOPLE),
                    Column("active_hours", "Active hours", Unit.HOURS),
                    Column("completed", "Completions", Unit.COMPLETIONS),
                    Column("statements", "Statements", Unit.STATEMENTS),
                    Column("newest", "Newest event", Unit.TIME),
                ),
            ),
        ),
    ),
)
