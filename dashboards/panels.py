"""Every panel, in the order in which it is shown: the one list that Grafana and the page draw."""

from collections.abc import Mapping
from dataclasses import dataclass

from dashboards.panel import Column, Kind, Panel, Size, Tone, Unit, panel

__all__ = ["BY_ID", "DESCRIPTION", "SECTIONS", "TITLE", "Section"]

TITLE = "Learning activity and readiness"
DESCRIPTION = (
    "What people do, what they can show for it, and how close that brings them to a role. "
    "Every number can be traced to statements."
)

_TILE = Size(4, 4)


@dataclass(frozen=True, slots=True)
class Section:
    """Panels under one heading; their widths fill whole rows of the grid."""

    title: str
    panels: tuple[Panel, ...]


_STATUSES = (
    Column("candidate", "Candidate", Unit.PEOPLE, Tone.GOOD),
    Column("review", "Review", Unit.PEOPLE, Tone.ATTENTION),
    Column("developing", "Developing", Unit.PEOPLE, Tone.NEUTRAL),
    Column("insufficient_evidence", "Too little evidence", Unit.PEOPLE, Tone.UNKNOWN),
)

SECTIONS: tuple[Section, ...] = (
    Section(
        "At a glance",
        (
            panel("statements", Kind.STAT, _TILE, Column("statements", "Statements", Unit.STATEMENTS)),
            panel("active_learners", Kind.STAT, _TILE, Column("learners", "Active learners", Unit.PEOPLE)),
            panel("active_hours", Kind.STAT, _TILE, Column("active_hours", "Active hours", Unit.HOURS)),
            panel("completions", Kind.STAT, _TILE, Column("completed", "Completions", Unit.COMPLETIONS)),
            panel("candidates", Kind.STAT, _TILE, Column("candidates", "Candidates", Unit.PEOPLE)),
            panel(
                "insufficient_evidence",
                Kind.STAT,
                _TILE,
                Column("people", "Too little evidence", Unit.PEOPLE),
            ),
        ),
    ),
    Section(
        "Activity",
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
                Column("time", "Day", Unit.TIME),
                Column("learners", "Active learners", Unit.PEOPLE),
            ),
            panel(
                "top_courses",
                Kind.BARS,
                Size(14, 11),
                Column("course", "Course"),
                Column("learners", "Learners", Unit.PEOPLE, Tone.NEUTRAL),
                Column("finishers", "of whom completed", Unit.PEOPLE, Tone.GOOD),
            ),
            panel(
                "engagement",
                Kind.BARS,
                Size(10, 11),
                Column("label", "Engagement", Unit.CODE),
                Column("people", "People", Unit.PEOPLE, Tone.NEUTRAL),
            ),
        ),
    ),
    Section(
        "Readiness",
        (
            panel(
                "readiness_by_role",
                Kind.STACKED_BARS,
                Size(12, 10),
                Column("role", "Role", Unit.CODE),
                *_STATUSES,
            ),
            panel(
                "skill_levels",
                Kind.HEAT_MAP,
                Size(12, 10),
                Column("skill", "Skill", Unit.CODE),
                Column("little_evidence", "Too little evidence", Unit.PEOPLE, Tone.UNKNOWN),
                Column("below_20", "0 to 20", Unit.PEOPLE),
                Column("below_40", "20 to 40", Unit.PEOPLE),
                Column("below_60", "40 to 60", Unit.PEOPLE),
                Column("below_80", "60 to 80", Unit.PEOPLE),
                Column("from_80", "80 to 100", Unit.PEOPLE),
            ),
            panel(
                "shortlist",
                Kind.TABLE,
                Size(24, 12),
                Column("person", "Person", Unit.ID),
                Column("role", "Role", Unit.CODE),
                Column("status", "Status", Unit.CODE),
                Column("score", "Score", Unit.POINTS, missing="too little evidence"),
                Column("range_90", "90 % interval"),
                Column("confidence", "Confidence", Unit.SHARE),
                Column("gap_skill", "Most urgent gap", Unit.CODE),
                Column("gap_points", "Gap", Unit.POINTS, missing="none"),
            ),
        ),
    ),
    Section(
        "Pipeline",
        (
            panel(
                "arrivals",
                Kind.TABLE,
                Size(14, 8),
                Column("source", "Source"),
                Column("accepted", "Accepted", Unit.STATEMENTS),
                Column("duplicates", "Sent before", Unit.STATEMENTS),
                Column("newest", "Newest arrival", Unit.TIME),
                Column("half_within", "Half within", Unit.SECONDS),
                Column("most_within", "95 % within", Unit.SECONDS),
            ),
            panel(
                "dead_letters",
                Kind.TABLE,
                Size(10, 8),
                Column("reason", "Reason", Unit.CODE),
                Column("step", "Refused by", Unit.CODE),
                Column("records", "Records", Unit.RECORDS),
                Column("newest", "Newest", Unit.TIME),
            ),
        ),
    ),
)

BY_ID: Mapping[str, Panel] = {panel.id: panel for section in SECTIONS for panel in section.panels}
