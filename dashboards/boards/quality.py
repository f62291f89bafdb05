"""Data quality and identity: what the figures leave out or rest on uncertainly, by who can mend it."""

from dashboards.dashboard import Clock, Dashboard, Section
from dashboards.panel import Column, Kind, Link, Size, Unit, low_is_good, panel, tile
from dashboards.variables import SOURCE

_STATEMENT = Link("statement", {"statement": "statement"})
_SOURCE = Link("quality", {"source": "source"})


def _person(column: str) -> Link:
    return Link("learner", {"person": column})


_FEW = low_is_good(attention=0.05, problem=0.2)

DASHBOARD = Dashboard(
    "quality",
    "Data quality and identity",
    "What the figures cannot tell, and where that can be mended.",
    Clock.EVENTS,
    (SOURCE,),
    (
        Section(
            "At a glance",
            (
                tile("unlinked_share", Column("unlinked", "Unlinked personas", Unit.SHARE, thresholds=_FEW)),
                tile("unmapped_share", Column("unmapped", "Unmapped activities", Unit.SHARE)),
                tile("duplicate_share", Column("duplicates", "Duplicates", Unit.SHARE)),
                tile("skewed_share", Column("skewed", "Clock ahead", Unit.SHARE, thresholds=_FEW)),
            ),
        ),
        Section(
            "Identity",
            (
                panel(
                    "unlinked_personas",
                    Kind.TABLE,
                    Size(12, 10),
                    Column("persona", "Persona", Unit.ID, link=_person("persona")),
                    Column("statements", "Statements", Unit.STATEMENTS),
                    Column("first_seen", "First seen", Unit.DAY),
                    Column("last_seen", "Last seen", Unit.DAY),
                    Column("sources", "Sources"),
                ),
                panel(
                    "links_by_rule",
                    Kind.TABLE,
                    Size(12, 10),
                    Column("rule", "Linked by", Unit.CODE),
                    Column("source", "Said by"),
                    Column("personas", "Personas in force", Unit.PERSONAS),
                    Column("people", "People", Unit.PEOPLE),
                    Column("newest", "Newest", Unit.TIME),
                ),
                panel(
                    "identity_conflicts",
                    Kind.TABLE,
                    Size(14, 10),
                    Column("persona", "Persona", Unit.ID),
                    Column("kind", "What", Unit.CODE),
                    Column("person", "Now, or claimed for", Unit.ID, link=_person("person")),
                    Column("rule", "by", Unit.CODE),
                    Column("other", "Before, or held by", Unit.ID, link=_person("other")),
                    Column("other_rule", "by", Unit.CODE),
                    Column("source", "Said by"),
                    Column("told", "Told", Unit.TIME),
                ),
                panel(
                    "personas_per_person",
                    Kind.BARS,
                    Size(10, 10),
                    Column("personas", "Personas"),
                    Column("people", "People", Unit.PEOPLE),
                ),
            ),
        ),
        Section(
            "Content and sources",
            (
                panel(
                    "unmapped_activities",
                    Kind.TABLE,
                    Size(24, 9),
                    Column("name", "Activity"),
                    Column("statements", "Statements", Unit.STATEMENTS),
                    Column("learners", "Learners", Unit.PEOPLE),
                    Column("completions", "Completions", Unit.COMPLETIONS),
                    Column("newest", "Newest", Unit.DAY),
                    Column("activity", "Activity id", Unit.ID),
                ),
                panel(
                    "duplicates_by_source",
                    Kind.TABLE,
                    Size(12, 9),
                    Column("source", "Source", link=_SOURCE),
                    Column("accepted", "Accepted", Unit.STATEMENTS),
                    Column("duplicates", "Sent before", Unit.STATEMENTS),
                    Column("share", "Share", Unit.SHARE),
                    Column("most_often", "Most often", Unit.ITEMS),
                    Column("statement", "for example", Unit.ID, link=_STATEMENT),
                ),
                panel(
                    "clock_skew",
                    Kind.TABLE,
                    Size(12, 9),
                    Column("source", "Source", link=_SOURCE),
                    Column("statements", "Statements", Unit.STATEMENTS),
                    Column("skewed", "Clock ahead", Unit.STATEMENTS),
                    Column("share", "Share", Unit.SHARE, thresholds=_FEW),
                    Column("half_after", "Half arrive within", Unit.DURATION),
                    Column("most_after", "95 % within", Unit.DURATION),
                    Column("statement", "for example", Unit.ID, link=_STATEMENT),
                ),
            ),
        ),
    ),
)
