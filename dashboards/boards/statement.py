"""One statement: how it came, what was made of it, and what it counts for."""

from dashboards.dashboard import Clock, Dashboard, Section
from dashboards.panel import Column, Kind, Link, Size, Unit, panel
from dashboards.variables import STATEMENT

DASHBOARD = Dashboard(
    "statement",
    "Statement",
    "Everything known about one statement, from how it came to what it counts for.",
    Clock.NONE,
    (STATEMENT,),
    (
        Section(
            "What was made of it",
            (
                panel(
                    "statement_event",
                    Kind.RECORD,
                    Size(12, 14),
                    Column(
                        "person", "Person", Unit.ID, link=Link("learner", {"person": "person"}), missing=""
                    ),
                    Column("persona", "Persona", Unit.ID),
                    Column("time", "Happened", Unit.TIME),
                    Column("skewed", "Clock", Unit.CODE),
                    Column("verb", "Verb"),
                    Column("verb_class", "Kind", Unit.CODE),
                    Column("activity", "Activity"),
                    Column("active_minutes", "Marks as active", Unit.MINUTES),
                    Column("counts_as", "Counts as"),
                    Column("state", "State", Unit.CODE),
                    Column("origin", "Record in Kafka", Unit.ID),
                    Column("correlation_id", "Delivery", Unit.ID),
                ),
                panel(
                    "statement_evidence",
                    Kind.TABLE,
                    Size(12, 14),
                    Column("skill", "Skill", Unit.CODE),
                    Column("evidence_class", "Kind", Unit.CODE),
                    Column("outcome", "Outcome", Unit.SHARE, missing="does not count"),
                    Column("weight", "Weight", Unit.WEIGHT),
                    Column("contribution", "Adds", Unit.POINTS, missing="not among the top items"),
                    Column("mapping", "Skill map"),
                    Column("reviewed", "Mapping", Unit.CODE),
                ),
            ),
        ),
        Section(
            "How it came",
            (
                panel(
                    "statement_received",
                    Kind.RECORD,
                    Size(24, 16),
                    Column("received_at", "Received", Unit.TIME),
                    Column("source", "Source"),
                    Column("way", "By", Unit.CODE),
                    Column("xapi_version", "xAPI version"),
                    Column("origin", "Record in Kafka", Unit.ID),
                    Column("readable_after", "Readable after", Unit.SECONDS),
                    Column("statement", "Statement", Unit.JSON),
                ),
            ),
        ),
    ),
)
