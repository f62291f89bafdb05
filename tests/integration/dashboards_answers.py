"""What each panel is to say of the rows of `dashboards_kit.py`, counted by hand.

Of Anna where one person is asked for, of `STATEMENT_OF` where one statement is.
"""

from datetime import date, datetime, timedelta
from typing import Any

from tests.integration import dashboards_kit as kit

Answers = dict[str, list[tuple[Any, ...]]]

PERSON = "anna"
STATEMENT_OF = {"statement_received": "s1", "statement_event": "e2", "statement_evidence": "e2"}


def march(day: int, hour: int = 0, minute: int = 0) -> datetime:
    """A time in March 2021 as the client gives it."""
    return datetime(2021, 3, day, hour, minute)  # noqa: DTZ001


def arrived(**before: float) -> datetime:
    """A time before the newest arrival as the client gives it."""
    return kit.ARRIVED.replace(tzinfo=None) - timedelta(**before)


_WITHOUT_ACTOR = '{"id":"s1","result":{"completion":true}}'
_END_OF_MARCH = datetime(2021, 3, 31, 23, 59, 59, 900_000)  # noqa: DTZ001
_MAY_1, _MAY_8 = datetime(2026, 5, 1), datetime(2026, 5, 8)  # noqa: DTZ001

# Anna: 19 slots that her personas share, one on the 31st. Ben: one, and twelve hours of seventeen.
ACTIVITY: Answers = {
    "statements": [(7,)],
    "active_learners": [(2,)],
    "active_hours": [((19 + 1 + 1 + 144) / 12,)],
    "completions": [(1,)],
    "finishers": [(1,)],
    "pass_rate": [(0.5,)],
    "statements_by_class": [
        (march(10), "assessed", 1),
        (march(10), "engagement", 1),
        (march(10), "exposure", 1),
        (march(11), "other", 1),
        (march(12), "engagement", 1),
        (march(15), "other", 1),
        (march(31), "credential", 1),
    ],
    "learners_per_day": [(march(10), 2), (march(12), 1), (march(31), 1)],
    "hours_per_day": [(march(10), 20 / 12), (march(12), 12.0), (march(31), 1 / 12)],
    "completions_per_day": [(march(10), 1)],
    "top_courses": [
        ("SQL basics", 2, 1, kit.SQL),
        (kit.VIDEO, 1, 0, kit.VIDEO),
        ("SQL basics", 1, 0, kit.CERTIFICATE),
    ],
    "courses": [
        ("SQL basics", 2, 20 / 12, 1, 0.5, 5, march(15, 12), kit.SQL),
        (kit.VIDEO, 1, 201 / 12, 0, None, 1, march(12, 23, 50), kit.VIDEO),
        ("SQL basics", 1, 1 / 12, 0, None, 1, _END_OF_MARCH, kit.CERTIFICATE),
    ],
    "activity_by_job": [
        ("data-analyst", 2, 1, 0.5, 20 / 12, 1, 3),
        (None, None, 1, None, 202 / 12, 0, 3),
        ("team-lead", 1, 0, 0.0, 0.0, 0, 1),
    ],
    "activity_by_source": [
        ("lms", 2, 21 / 12, 1, 6, _END_OF_MARCH),
        ("academy", 1, 201 / 12, 0, 1, march(12, 23, 50)),
    ],
    "status_over_time": [
        *((march(day), "developing", 1) for day in range(20, 29)),
        (march(29), "candidate", 1),
        (march(30), "candidate", 1),
        (march(31), "candidate", 1),
        (march(31), "review", 1),
        (march(31), "developing", 2),
        (march(31), "insufficient_evidence", 2),
    ],
    "movers": [("anna", "analyst", 40.0, 81.5, "candidate", 2)],
    "alerts": [("anna", "analyst", 81.5, "candidate", 0.7, date(2021, 3, 29))],
    "learner_statements": [(3,)],
    "learner_hours": [(20 / 12,)],
    "learner_completions": [(1,)],
    "learner_timeline": [
        (march(10), "engagement", 1),
        (march(10), "exposure", 1),
        (march(31), "credential", 1),
    ],
    "learner_events": [
        ("e8", _END_OF_MARCH, "credential", "SQL basics", "", "lms"),
        ("e2", march(10, 10, 30), "engagement", kit.SQL, "", "lms"),
        ("e1", march(10, 9), "exposure", "SQL", "failed", "lms"),
    ],
    "unlinked_share": [(0.5,)],
    "unmapped_share": [(0.5,)],
    "skewed_share": [(1 / 7,)],
    "unlinked_personas": [
        ("ben", 3, date(2021, 3, 10), date(2021, 3, 12), "academy, lms"),
        ("cleo", 1, date(2021, 3, 15), date(2021, 3, 15), "lms"),
    ],
    "personas_per_person": [("1", 2), ("2", 1)],
    "unmapped_activities": [("SQL basics", 1, 1, 0, date(2021, 3, 31), kit.CERTIFICATE)],
    "clock_skew": [
        ("lms", 6, 1, 1 / 6, 3600, 3600, "e4"),
        ("academy", 1, 0, 0.0, 3600, 3600, ""),
    ],
}

ARRIVALS: Answers = {
    "accepted": [(4,)],
    "freshness": [(1.5,)],
    "waiting": [(1,)],
    "arrival_rate": [(_MAY_1, "lms", 1), (_MAY_8, "academy", 1), (_MAY_8, "lms", 2)],
    "freshness_over_time": [(_MAY_1, 0.1, 0.1, 0.1), (_MAY_8, 0.3, 1.5, 1.5)],
    "arrivals": [
        ("academy", 1, 0, arrived(), 1.5, 1.5),
        ("lms", 3, 1, arrived(minutes=20), 0.2, 0.3),
    ],
    "dead_letters_over_time": [(_MAY_8, "conflict", 2), (_MAY_8, "undecodable", 1)],
    "dead_letters": [
        ("conflict", "persona", 2, 2, arrived(minutes=3), "reported again"),
        ("undecodable", "sink", 1, 0, arrived(minutes=4), ""),
    ],
}

STANDING: Answers = {
    "duplicate_share": [(1 - 4 / 5,)],
    "duplicates_by_source": [("lms", 4, 1, 1 / 4, 2, "s1"), ("academy", 1, 0, 0.0, 1, "")],
    "engagement": [("active", 2), ("new", 1), ("inactive", 1)],
    "candidates": [(1,)],
    "in_review": [(1,)],
    "insufficient_evidence": [(2,)],
    "unreviewed_share": [(0.125,)],
    "readiness_by_role": [("analyst", 1, 0, 0, 2), ("lead", 0, 1, 2, 0)],
    "gaps": [
        ("analyst", "sql", 0.0, 2, 1),
        ("lead", "feedback", 5.0, 2, 1),
        ("lead", "planning", None, 0, 3),
    ],
    "raise_most": [("feedback", 2), ("planning", 1), ("sql", 1)],
    "shortlist": [
        ("anna", "analyst", "candidate", 81.5, "70–91", 0.7, "", None),  # noqa: RUF001
        ("ben", "lead", "review", 75.0, "60–85", 0.55, "planning", 5.0),  # noqa: RUF001
        ("anna", "lead", "developing", 55.0, "50–61", 0.8, "feedback", 10.0),  # noqa: RUF001
        ("eva", "lead", "developing", 40.0, "34–44", 0.9, "", None),  # noqa: RUF001
        ("dora", "analyst", "insufficient_evidence", None, "", 0.25, "", None),
        ("ben", "analyst", "insufficient_evidence", None, "", 0.1, "sql", 45.0),
    ],
    "skill_levels": [("feedback", 1, 1, 1, 0, 0, 0), ("sql", 1, 0, 0, 0, 1, 1)],
    "learner_engagement": [(62.5,)],
    "learner_readiness": [
        ("analyst", "candidate", 81.5, "70–91", 0.7),  # noqa: RUF001
        ("lead", "developing", 55.0, "50–61", 0.8),  # noqa: RUF001
    ],
    "learner_next": [
        ("feedback", "lead", "raises most", 60.0, 70.0, 10.0, 0.5),
        ("planning", "lead", "holds the score down", 50.0, 70.0, 20.0, 0.5),
    ],
    "learner_skills": [("sql", 85.0, 70.0, 95.0, 0.6, 1), ("feedback", 19.9, 0.0, 0.0, 0.3, 0)],
    "learner_evidence": [
        ("e2", "sql", "assessed", kit.SQL, 12.5, 0.75, 2.0, date(2021, 3, 10), "reviewed"),
        ("e1", "sql", "assessed", "SQL", None, None, 0.0, date(2021, 3, 10), "unreviewed"),
    ],
    "learner_personas": [
        ("anna-1", "hris_id", 2, date(2021, 1, 1), None),
        ("anna-2", "human", 1, date(2021, 1, 1), None),
    ],
    "refused": [(2,)],
    "positions": [
        ("xapi.statements", 2, 25, arrived(seconds=-19)),
        ("identity.links", 1, 3, arrived(seconds=-2)),
    ],
    "snapshots": [("0 / 0", 3, 1, 2, arrived(seconds=-3))],
    "reconciliations": [
        ("drift", arrived(minutes=30, seconds=-5), 0.25, 3, 2, "0: 4, 1: 9"),
        ("exact", arrived(minutes=60, seconds=-5), 0.0, 0, 0, "0: 4, 1: 9"),
    ],
    "findings": [("altered", "learning_events", "e2", "1", "2")],
    "links_by_rule": [
        ("hris_id", "", 1, 1, arrived()),
        ("human", "", 1, 1, arrived(minutes=-2)),
    ],
    "identity_conflicts": [
        (
            "anna-2",
            "conflict",
            "bea",
            "email",
            "anna",
            "human",
            "people.csv",
            arrived(minutes=-4),
        ),
        ("anna-2", "moved", "anna", "human", "bea", "", "people.csv", arrived(minutes=-3)),
    ],
    "statement_event": [
        (
            "anna",
            "anna-2",
            march(10, 10, 30),
            "plausible",
            "http://adlnet.gov/expapi/verbs/engagement",
            "engagement",
            kit.SQL,
            90,
            "",
            "counts",
            "0 / 0 / 0",
            "",
        )
    ],
    "statement_evidence": [("sql", "assessed", 0.75, 2.0, 12.5, "2026.1", "reviewed")],
    "statement_received": [
        (arrived(minutes=kit.WEEK_MIN - 1), "lms", "http", "1.0.3", "0 / 0 / 1", 0.1, _WITHOUT_ACTOR),
        (arrived(minutes=30), "lms", "http", "1.0.3", "0 / 0 / 2", 0.3, _WITHOUT_ACTOR),
    ],
}

ALL: Answers = ACTIVITY | ARRIVALS | STANDING
