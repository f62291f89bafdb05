"""Learning activity: who learns what, how much, when, and where it comes from."""

from dashboards.dashboard import Clock, Dashboard, Section
from dashboards.panel import Column, Kind, Link, Panel, Size, Tone, Unit, panel, tile
from dashboards.variables import COURSE, SOURCE

_COURSE = Link("activity", {"course": "activity"})


def _tile(id_: str, column: Column) -> Panel:
    return tile(id_, column, width=4)


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
                _tile("statements", Column("statements", "Statements", Unit.STATEMENTS)),
                _tile("active_learners", Column("learners", "Active learners", Unit.PEOPLE)),
                _tile("active_hours", Column("active_hours", "Active hours", Unit.HOURS)),
                _tile("completions", Column("completed", "Completions", Unit.COMPLETIONS)),
                _tile("finishers", Column("people", "Finishers", Unit.PEOPLE)),
                _tile("pass_rate", Column("passed", "Pass rate", Unit.SHARE)),
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
            "Courses, job roles and sources",
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
                    "activity_by_job",
                    Kind.TABLE,
                    Size(24, 9),
                    Column("job", "Job role", Unit.CODE, missing="none stated by HR"),
                    Column("people", "People", Unit.PEOPLE, missing="unknown"),
                    Column("learners", "Learners", Unit.PEOPLE),
                    Column("reached", "Reached", Unit.SHARE, missing="unknown"),
                    Column("active_hours", "Active hours", Unit.HOURS),
                    Column("completed", "Completions", Unit.COMPLETIONS),
                    Column("statements", "Statements", Unit.STATEMENTS),
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
