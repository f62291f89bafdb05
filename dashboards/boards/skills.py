"""Skills and readiness: who is close to which role, how sure that is, what is missing, what moved."""

from dashboards.dashboard import Clock, Dashboard, Section
from dashboards.panel import Column, Kind, Link, Size, Tone, Unit, panel, tile
from dashboards.variables import ROLE, SKILL

_PERSON = Link("learner", {"person": "person", "role": "role"})

_STATUSES = (
    Column("candidate", "Candidate", Unit.PEOPLE, Tone.GOOD),
    Column("review", "Review", Unit.PEOPLE, Tone.ATTENTION),
    Column("developing", "Developing", Unit.PEOPLE, Tone.NEUTRAL),
    Column("insufficient_evidence", "Too little evidence", Unit.PEOPLE, Tone.UNKNOWN),
)

DASHBOARD = Dashboard(
    "skills",
    "Skills and readiness",
    "What people can show evidence for, and how close that brings them to a role.",
    Clock.EVENTS,
    (ROLE, SKILL),
    (
        Section(
            "At a glance",
            (
                tile("candidates", Column("candidates", "Candidates", Unit.PEOPLE)),
                tile("in_review", Column("people", "For review", Unit.PEOPLE)),
                tile("insufficient_evidence", Column("people", "Too little evidence", Unit.PEOPLE)),
                tile("unreviewed_share", Column("unreviewed", "On unreviewed mappings", Unit.SHARE)),
            ),
        ),
        Section(
            "Roles",
            (
                panel(
                    "readiness_by_role",
                    Kind.STACKED_BARS,
                    Size(10, 10),
                    Column("role", "Role", Unit.CODE, link=Link("skills", {"role": "role"})),
                    *_STATUSES,
                ),
                panel(
                    "gaps",
                    Kind.MATRIX,
                    Size(14, 10),
                    Column("role", "Role", Unit.CODE, link=Link("skills", {"role": "role"})),
                    Column("skill", "Skill", Unit.CODE),
                    Column("mean_gap", "Mean gap", Unit.POINTS, missing="too little evidence"),
                    Column("assessed", "People with enough evidence", Unit.PEOPLE),
                    Column("unknown", "People with too little", Unit.PEOPLE),
                ),
                panel(
                    "shortlist",
                    Kind.TABLE,
                    Size(24, 12),
                    Column("person", "Person", Unit.ID, link=_PERSON),
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
            "Skills",
            (
                panel(
                    "skill_levels",
                    Kind.HEAT_MAP,
                    Size(14, 10),
                    Column("skill", "Skill", Unit.CODE, link=Link("skills", {"skill": "skill"})),
                    Column("little_evidence", "Too little evidence", Unit.PEOPLE, Tone.UNKNOWN),
                    Column("below_20", "0 to 20", Unit.PEOPLE),
                    Column("below_40", "20 to 40", Unit.PEOPLE),
                    Column("below_60", "40 to 60", Unit.PEOPLE),
                    Column("below_80", "60 to 80", Unit.PEOPLE),
                    Column("from_80", "80 to 100", Unit.PEOPLE),
                ),
                panel(
                    "raise_most",
                    Kind.BARS,
                    Size(10, 10),
                    Column("skill", "Skill", Unit.CODE, link=Link("skills", {"skill": "skill"})),
                    Column("people", "People", Unit.PEOPLE, Tone.NEUTRAL),
                ),
            ),
        ),
        Section(
            "Movement",
            (
                panel(
                    "status_over_time",
                    Kind.TIME_SERIES,
                    Size(10, 11),
                    Column("time", "Day", Unit.DAY),
                    Column("status", "Status", Unit.CODE),
                    Column("people", "People and roles", Unit.PEOPLE),
                ),
                panel(
                    "movers",
                    Kind.TABLE,
                    Size(14, 11),
                    Column("person", "Person", Unit.ID, link=_PERSON),
                    Column("role", "Role", Unit.CODE),
                    Column("was", "Was", Unit.POINTS, missing="too little evidence"),
                    Column("now", "Is", Unit.POINTS, missing="too little evidence"),
                    Column("status", "Status", Unit.CODE),
                    Column("updates", "Updates", Unit.ROWS),
                ),
                panel(
                    "alerts",
                    Kind.TABLE,
                    Size(24, 9),
                    Column("person", "Person", Unit.ID, link=_PERSON),
                    Column("role", "Role", Unit.CODE),
                    Column("score", "Score", Unit.POINTS),
                    Column("status", "Status", Unit.CODE),
                    Column("confidence", "Confidence", Unit.SHARE),
                    Column("as_of", "As of", Unit.DAY),
                ),
            ),
        ),
    ),
)
