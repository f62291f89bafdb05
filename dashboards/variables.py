"""What can be chosen on dashboards. A value that is offered comes from ClickHouse, with a label to read."""

from dashboards.dashboard import Choice, Variable

SOURCE = Variable(
    "source",
    "Source",
    Choice.ANY,
    "SELECT DISTINCT credential AS value, credential AS label FROM learning_events ORDER BY label",
    everything="All sources",
)
COURSE = Variable(
    "course",
    "Course",
    Choice.ANY,
    """
    SELECT activity AS value, if(max(activity_name) = '', activity, max(activity_name)) AS label
    FROM learning_events WHERE activity != '' GROUP BY activity ORDER BY count() DESC, value LIMIT 500
    """,
    everything="All courses",
)
ROLE = Variable(
    "role",
    "Role",
    Choice.ANY,
    """
    SELECT DISTINCT role AS value, replaceAll(role, '-', ' ') AS label
    FROM current_readiness ORDER BY label
    """,
    everything="All roles",
)
SKILL = Variable(
    "skill",
    "Skill",
    Choice.ANY,
    "SELECT DISTINCT skill AS value, replaceAll(skill, '-', ' ') AS label FROM current_skills ORDER BY label",
    everything="All skills",
)
PERSON = Variable(
    "person",
    "Person",
    Choice.ONE,
    """
    SELECT person_id AS value, person_id AS label
    FROM
    (
        SELECT person_id, score, confidence FROM current_readiness
        UNION ALL
        SELECT person_id, NULL, 0. FROM current_engagement WHERE window_days = 180
    )
    GROUP BY person_id
    ORDER BY max(score) DESC NULLS LAST, max(confidence) DESC, value
    LIMIT 1000
    """,
)
STATEMENT = Variable("statement", "Statement id", Choice.TEXT)
