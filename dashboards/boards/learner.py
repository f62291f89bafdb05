"""One learner: what happened, what the skills rest on, statement by statement, and what would help most."""

from dashboards.dashboard import Clock, Dashboard, Section
from dashboards.panel import Column, Kind, Link, Size, Unit, panel, tile
from dashboards.variables import PERSON, ROLE, SKILL

_STATEMENT = Link("statement", {"statement": "statement"})
_SKILL = Link("learner", {"skill": "skill"})

DASHBOARD = Dashboard(
    "learner",
    "Learner",
    "One person: timeline, skills, and the evidence behind each number.",
    Clock.EVENTS,
    (PERSON, ROLE, SKILL),
    (
        Section(
            "At a glance",
            (
                tile("learner_statements", Column("statements", "Statements", Unit.STATEMENTS)),
                tile("learner_hours", Column("active_hours", "Active hours", Unit.HOURS)),
                tile("learner_completions", Column("completed", "Completions", Unit.COMPLETIONS)),
                tile("learner_engagement", Column("score", "Engagement", Unit.POINTS)),
            ),
        ),
        Section(
            "Readiness",
            (
                panel(
                    "learner_readiness",
                    Kind.TABLE,
                    Size(10, 9),
                    Column("role", "Role", Unit.CODE, link=Link("learner", {"role": "role"})),
                    Column("status", "Status", Unit.CODE),
                    Column("score", "Score", Unit.POINTS, missing="too little evidence"),
                    Column("range_90", "90 % interval"),
                    Column("confidence", "Confidence", Unit.SHARE),
                ),
                panel(
                    "learner_next",
                    Kind.TABLE,
                    Size(14, 9),
                    Column("skill", "Skill", Unit.CODE, link=_SKILL),
                    Column("role", "For the role", Unit.CODE),
                    Column("effect", "Effect", Unit.CODE),
                    Column("level", "Level", Unit.POINTS),
                    Column("required", "Asked for", Unit.POINTS),
                    Column("gap", "Gap", Unit.POINTS),
                    Column("confidence", "Confidence", Unit.SHARE),
                ),
            ),
        ),
        Section(
            "Skills and the evidence behind them",
            (
                panel(
                    "learner_skills",
                    Kind.INTERVALS,
                    Size(24, 10),
                    Column("skill", "Skill", Unit.CODE, link=_SKILL),
                    Column("level", "Level", Unit.POINTS),
                    Column("low", "from", Unit.POINTS),
                    Column("high", "to", Unit.POINTS),
                    Column("confidence", "Confidence", Unit.SHARE),
                    Column("items", "Evidence", Unit.ITEMS),
                ),
                panel(
                    "learner_evidence",
                    Kind.TABLE,
                    Size(24, 12),
                    Column("statement", "Statement", Unit.ID, link=_STATEMENT),
                    Column("skill", "Skill", Unit.CODE),
                    Column("evidence_class", "Kind", Unit.CODE),
                    Column("activity", "Activity"),
                    Column("contribution", "Adds", Unit.POINTS),
                    Column("outcome", "Outcome", Unit.SHARE, missing="does not count"),
                    Column("weight", "Weight", Unit.WEIGHT),
                    Column("day", "Day", Unit.DAY),
                    Column("reviewed", "Mapping", Unit.CODE),
                ),
            ),
        ),
        Section(
            "Timeline",
            (
                panel(
                    "learner_timeline",
                    Kind.TIME_SERIES,
                    Size(24, 8),
                    Column("time", "Time", Unit.TIME),
                    Column("kind", "Kind", Unit.CODE),
                    Column("statements", "Statements", Unit.STATEMENTS),
                ),
                panel(
                    "learner_events",
                    Kind.TABLE,
                    Size(12, 11),
                    Column("statement", "Statement", Unit.ID, link=_STATEMENT),
                    Column("time", "Time", Unit.TIME),
                    Column("verb", "Did"),
                    Column("activity", "What"),
                    Column("result", "Result", Unit.CODE),
                    Column("source", "Source"),
                ),
                panel(
                    "learner_personas",
                    Kind.TABLE,
                    Size(12, 11),
                    Column("persona", "Persona", Unit.ID),
                    Column("rule", "Linked by", Unit.CODE),
                    Column("statements", "Statements", Unit.STATEMENTS),
                    Column("valid_from", "From", Unit.DAY),
                    Column("valid_to", "Until", Unit.DAY, missing="now"),
                ),
            ),
        ),
    ),
)
