"""What the tests of the dashboards share: rows in ClickHouse whose right answers can be counted by hand.

`dashboards_answers.py` has the answers.

March 2021 is looked at, with Anna, who has two personas that were linked to her late, Ben, who has no link
and so is his own persona, and Cleo, who is enrolled and does nothing. Around them stands what must not
count: superseded versions, a voided statement, an event outside the range, withdrawn results, rows that were
sent again.
"""

import json
import sys
from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import clickhouse_connect
import httpx
from clickhouse_connect.driver.client import Client

from dashboards.ranges import Range
from readystream.embedded.service import Service
from sinks.migrate import migrate
from tests.services.clickhouse import Database

MARCH = Range(datetime(2021, 3, 2, tzinfo=UTC), datetime(2021, 4, 1, tzinfo=UTC))
AS_OF = date(2021, 3, 31)
SQL, VIDEO, CERTIFICATE = (f"https://learn.example.com/{name}" for name in ("sql", "video", "zertifikat"))
ARRIVED = datetime(2026, 5, 8, 12, 0, tzinfo=UTC)

Row = dict[str, Any]


def moment(day: int, hour: int, minute: int = 0) -> datetime:
    """A time in March 2021."""
    return datetime(2021, 3, day, hour, minute, tzinfo=UTC)


def slots(day: int, first: int, last: int | None = None) -> list[tuple[int, int, int]]:
    """One run of active slots on a day of March 2021."""
    number = (date(2021, 3, day) - date(1970, 1, 1)).days
    return [(number, first, first if last is None else last)]


def event(
    statement: str,
    persona: str,
    at: datetime,
    verb_class: str,
    activity: str,
    runs: list[tuple[int, int, int]],
    **changes: Any,
) -> Row:
    """A row of `learning_events`; the statement came an hour after the event."""
    return {
        "statement_id": statement,
        "persona_id": persona,
        "event_time": at,
        "stored_at": at + timedelta(hours=1),
        "verb": f"http://adlnet.gov/expapi/verbs/{verb_class}",
        "verb_class": verb_class,
        "activity": activity,
        "slots": runs,
        "activity_name": "",
        "completions": 0,
        "passes": 0,
        "fails": 0,
        "skewed": False,
        "voided": False,
        "credential": "lms",
        "evidence": [],
        "version": 1,
        **changes,
    }


def evidence(statement: str, day: int, weight: int, outcome: int, reviewed: bool) -> list[tuple[Any, ...]]:
    """A test in SQL as the one item of evidence of a statement; weights in millionths."""
    number = (date(2021, 3, day) - date(1970, 1, 1)).days
    return [("sql", "assessed", SQL, number, number, statement, weight, outcome, "2026.1", reviewed)]


_DONE = {"completions": 1}
_BEFORE_MARCH_2 = datetime(2021, 3, 1, 23, 59, 59, tzinfo=UTC)
_END_OF_MARCH = datetime(2021, 3, 31, 23, 59, 59, 900_000, tzinfo=UTC)
_NEW_NAME = {"activity_name": "SQL basics"}
_QUESTION = {"fails": 1, "evidence": evidence("e1", 10, 0, 0, reviewed=False)}
_TEST = {"evidence": evidence("e2", 10, 2_000_000, 1_500_000, reviewed=True)}
_PASSED = {"passes": 1, **_NEW_NAME}

EVENTS = [
    event(
        "e1",
        "anna-1",
        moment(10, 9),
        "exposure",
        SQL,
        slots(10, 108, 109),
        activity_name="SQL",
        **_DONE,
        **_QUESTION,
    ),
    event("e2", "anna-2", moment(10, 10, 30), "engagement", SQL, slots(10, 109, 126), **_TEST),
    event("e3", "ben", moment(10, 10), "exposure", SQL, slots(10, 120), **_DONE),
    event("e3", "ben", moment(10, 10), "assessed", SQL, slots(10, 120), version=2, **_PASSED),
    event("e4", "ben", moment(11, 0), "none", SQL, [], skewed=True),
    event("e5", "ben", moment(11, 12), "exposure", SQL, slots(11, 144), **_DONE),
    event("e5", "ben", moment(11, 12), "exposure", SQL, slots(11, 144), voided=True, version=2, **_DONE),
    event("e6", "ben", moment(12, 23, 50), "engagement", VIDEO, slots(12, 0, 200), credential="academy"),
    event("e7", "ben", _BEFORE_MARCH_2, "exposure", SQL, slots(1, 287), **_DONE),
    event("e9", "cleo", moment(15, 12), "none", SQL, []),
    event("e8", "anna-1", _END_OF_MARCH, "credential", CERTIFICATE, slots(31, 287), **_NEW_NAME),
    event("s3", "ben", moment(12, 1), "none", SQL, [], voided=True, stored_at=ARRIVED),
]


def link(persona: str, person: str, rule: str, offset: int) -> Row:
    """A row of `identity_links`."""
    return {
        "persona_id": persona,
        "person_id": person,
        "action": "link",
        "rule": rule,
        "valid_from": date(2021, 1, 1),
        "recorded_at": ARRIVED + timedelta(minutes=offset),
        "origin_offset": offset,
        "version": offset + 1,
    }


LINKS = [
    link("anna-1", "anna", "hris_id", 0),
    link("anna-2", "bea", "email", 1),
    link("anna-2", "anna", "human", 2),
]


def audit(kind: str, person: str, other: str, rule: str, other_rule: str, version: int) -> Row:
    """A row of `identity_audit` about a persona that was Bea's and is Anna's."""
    return {
        "kind": kind,
        "persona_id": "anna-2",
        "person_id": person,
        "other_person_id": other,
        "rule": rule,
        "other_rule": other_rule,
        "source": "people.csv",
        "version": version,
        "ingested_at": ARRIVED + timedelta(minutes=version),
    }


AUDIT = [
    audit("moved", "bea", "anna-2", "email", "", 2),
    audit("moved", "anna", "bea", "human", "", 3),
    audit("moved", "anna", "bea", "human", "", 3),
    audit("conflict", "bea", "anna", "email", "human", 4),
]


def engagement(
    person: str,
    window: int,
    label: str,
    version: int = 1,
    deleted: int = 0,
    score: float | None = None,
) -> Row:
    """A row of `engagement_windows`."""
    return {
        "score": score,
        "person_id": person,
        "window_days": window,
        "as_of": AS_OF,
        "label": label,
        "version": version,
        "deleted": deleted,
    }


ENGAGEMENT = [
    engagement("anna", 30, "active", score=62.5),
    engagement("anna", 7, "active", score=80.0),
    engagement("ben", 30, "active"),
    engagement("ben", 30, "inactive", version=2),
    engagement("cleo", 30, "active"),
    engagement("cleo", 30, "active", version=2, deleted=1),
    engagement("dora", 30, "new"),
    engagement("eva", 30, "active"),
]


def readiness(person: str, role: str, status: str, confidence: float, **changes: Any) -> Row:
    """A row of `readiness`."""
    return {
        "person_id": person,
        "role": role,
        "status": status,
        "confidence": confidence,
        "as_of": AS_OF,
        "score": None,
        "low": None,
        "high": None,
        "gaps": [],
        "version": 1,
        "deleted": 0,
        **changes,
    }


def score(low: float, middle: float, high: float) -> Row:
    """A score and its interval."""
    return {"score": middle, "low": low, "high": high}


def gap(skill: str, missing: float, priority: float, critical: bool = False) -> tuple[Any, ...]:
    """An entry of `gaps` for a skill of which 70 is required."""
    return (skill, 70.0 - missing, 70.0, missing, priority, 0.5, critical)


def wants(skill: str, *gaps: tuple[Any, ...]) -> Row:
    """The gaps of an update, and the skill that would raise it most."""
    return {"gaps": list(gaps), "raise_most": skill}


_FEEDBACK_FIRST = wants("feedback", gap("feedback", 10.0, 3.0), gap("planning", 20.0, 1.0, critical=True))
_ROSE = date(2021, 3, 29)

READINESS = [
    readiness("anna", "analyst", "developing", 0.5, **score(30.0, 40.0, 50.0), as_of=date(2021, 3, 20)),
    readiness("anna", "analyst", "candidate", 0.7, **score(70.4, 81.5, 90.6), as_of=_ROSE, version=2),
    readiness("anna", "lead", "developing", 0.8, **score(50.0, 55.0, 61.0), **_FEEDBACK_FIRST),
    readiness("ben", "analyst", "insufficient_evidence", 0.1, **wants("sql", gap("sql", 45.0, 2.0))),
    readiness(
        "ben",
        "lead",
        "review",
        0.55,
        **score(60.2, 75.0, 85.0),
        **wants("planning", gap("planning", 5.0, 0.1)),
    ),
    readiness("cleo", "lead", "candidate", 0.9, **score(90.0, 99.0, 100.0)),
    readiness("cleo", "lead", "", 0.0, version=2, deleted=1),
    readiness("dora", "analyst", "insufficient_evidence", 0.25),
    readiness("eva", "lead", "developing", 0.9, **score(34.0, 40.0, 44.0), **wants("feedback")),
]

_CROSSING = {
    "alert_id": "anna|analyst|1",
    "person_id": "anna",
    "role": "analyst",
    "score": 81.5,
    "status": "candidate",
    "confidence": 0.7,
    "as_of": _ROSE,
    "version": 2,
}
ALERTS = [_CROSSING, _CROSSING]


def skill(
    person: str,
    name: str,
    level: float,
    confidence: float,
    version: int = 1,
    deleted: int = 0,
    **changes: Any,
) -> Row:
    """A row of `skill_levels`."""
    return {
        "person_id": person,
        "skill": name,
        "as_of": AS_OF,
        "level": level,
        "confidence": confidence,
        "version": version,
        "deleted": deleted,
        **changes,
    }


_ANNAS_SQL: Row = {
    "low": 70.0,
    "high": 95.0,
    "evidence_count": 1,
    "unreviewed_share": 0.75,
    "top_evidence": [("e2", "anna-2", "assessed", SQL, 18_696, 12.5)],
}

SKILLS = [
    skill("anna", "sql", 85.0, 0.6, **_ANNAS_SQL),
    skill("ben", "sql", 25.0, 0.1),
    skill("cleo", "sql", 90.0, 0.9),
    skill("cleo", "sql", 90.0, 0.9, version=2, deleted=1),
    skill("dora", "sql", 10.0, 0.5),
    skill("dora", "sql", 60.0, 0.3, version=2),
    skill("anna", "feedback", 19.9, 0.3),
    skill("ben", "feedback", 20.0, 0.3),
    skill("dora", "feedback", 59.9, 0.299),
]


_RESULT = {"completion": True}


def arrival(statement: str, credential: str, offset: int, minutes_before: float, delay_ms: int) -> Row:
    """A row of `statements` that was readable `delay_ms` after it was received."""
    at = ARRIVED - timedelta(minutes=minutes_before)
    return {
        "statement_id": statement,
        "credential": credential,
        "source": "http",
        "xapi_version": "1.0.3",
        "statement": json.dumps(
            {"id": statement, "actor": {"mbox": "mailto:a@example.com"}, "result": _RESULT}
        ),
        "received_at": at,
        "stored_at": at,
        "origin_offset": offset,
        "ingested_at": at + timedelta(milliseconds=delay_ms),
    }


WEEK_MIN = 7 * 24 * 60
WEEK = Range(ARRIVED - timedelta(minutes=WEEK_MIN) + timedelta(seconds=1), ARRIVED + timedelta(minutes=1))
STATEMENTS = [
    arrival("s0", "lms", 0, WEEK_MIN, 9000),
    arrival("s1", "lms", 1, WEEK_MIN - 1, 100),
    arrival("s1", "lms", 2, 30, 300),
    arrival("s2", "lms", 3, 20, 900),
    arrival("s2", "lms", 3, 20, 200),
    arrival("s3", "academy", 4, 0, 1500),
]


def dead_letter(
    reason: str, step: str, offset: int, minutes_before: float, detail: str = "", resolution: str = ""
) -> Row:
    """A row of `dead_letters`."""
    return {
        "reason": reason,
        "step": step,
        "topic": "xapi.statements",
        "offset": offset,
        "attempt": 1,
        "credential": "lms",
        "resolution": resolution,
        "failed_at": ARRIVED - timedelta(minutes=minutes_before),
        "detail": detail,
    }


DEAD_LETTERS = [
    dead_letter("conflict", "persona", 10, 5),
    dead_letter("undecodable", "sink", 11, 4),
    dead_letter("undecodable", "sink", 11, 4, resolution="dropped"),
    dead_letter("conflict", "persona", 3, 3),
    dead_letter("conflict", "persona", 3, 3, "reported again"),
]


def intent(topic: str, partition: int, start: int, end: int) -> Row:
    """A row of `ingest_intent`."""
    return {
        "topic": topic,
        "partition": partition,
        "start_offset": start,
        "end_offset": end,
        "written_at": ARRIVED + timedelta(seconds=end),
    }


INTENTS = [
    intent("xapi.statements", 0, 0, 9),
    intent("xapi.statements", 0, 10, 19),
    intent("xapi.statements", 1, 0, 4),
    intent("identity.links", 0, 0, 2),
]


def snapshot(offset: int, kind: str, cell: str = "") -> Row:
    """A row of `reconciliation_snapshots`."""
    return {
        "offset": offset,
        "kind": kind,
        "cell": cell,
        "ingested_at": ARRIVED + timedelta(seconds=offset),
    }


SNAPSHOTS = [
    snapshot(1, "row", "ben|d|18696"),
    snapshot(1, "manifest"),
    snapshot(3, "row", "ben|d|18696"),
    snapshot(3, "row", "ben|s|sql"),
    snapshot(3, "manifest"),
    snapshot(4, "row", "ben|s|sql"),
]


def reconciliation(run: str, minutes_before: int, verdict: str, **changes: Any) -> Row:
    """A row of `reconciliation_runs`."""
    at = ARRIVED - timedelta(minutes=minutes_before)
    return {
        "run_id": run,
        "started_at": at,
        "finished_at": at + timedelta(seconds=5),
        "verdict": verdict,
        "worst_ratio": 0.0,
        "offsets": [(0, 4), (1, 9)],
        "figures": [],
        "repaired": [],
        **changes,
    }


RECONCILIATIONS = [
    reconciliation("first", 60, "exact"),
    reconciliation(
        "second",
        30,
        "drift",
        worst_ratio=0.25,
        figures=[("statements", 7, 2), ("completions", 4, 1)],
        repaired=[("learning_events", 2)],
    ),
]


def finding(run: str, kind: str, key: str) -> Row:
    """A row of `reconciliation_findings`."""
    return {
        "run_id": run,
        "started_at": ARRIVED,
        "kind": kind,
        "place": "learning_events",
        "key": key,
        "expected": "1",
        "found": "2",
    }


FINDINGS = [finding("first", "missing", "e1"), finding("second", "altered", "e2")]


def employed(person: str, job_role: str, since: date, **changes: Any) -> Row:
    """A row of `hr_attributes`."""
    said = {"person_id": person, "job_role": job_role, "valid_from": since, "recorded_at": ARRIVED}
    return {**said, "source": "people.csv", "version": 1, **changes}


HR = [
    employed("anna", "trainee", date(2019, 1, 1)),
    employed("anna", "data-analyst", date(2020, 1, 1)),
    employed("anna", "chief", date(2140, 1, 1)),
    employed("cleo", "team-lead", date(2020, 1, 1)),
    employed("eva", "data-analyst", date(2020, 1, 1)),
    employed("finn", "data-analyst", date(2020, 1, 1), end_date=date(2021, 6, 30)),
    employed("gina", "cook", date(2020, 1, 1)),
]

TABLES: Mapping[str, Sequence[Row]] = {
    "learning_events": EVENTS,
    "identity_links": LINKS,
    "engagement_windows": ENGAGEMENT,
    "readiness": READINESS,
    "skill_levels": SKILLS,
    "statements": STATEMENTS,
    "dead_letters": DEAD_LETTERS,
    "identity_audit": AUDIT,
    "readiness_alerts": ALERTS,
    "ingest_intent": INTENTS,
    "reconciliation_snapshots": SNAPSHOTS,
    "reconciliation_runs": RECONCILIATIONS,
    "reconciliation_findings": FINDINGS,
    "hr_attributes": HR,
}


def _keep_for_ever(client: Client) -> None:
    """Without retention: these days of 2021 are older than what a database keeps."""
    limited = (
        "SELECT name FROM system.tables "
        "WHERE database = currentDatabase() AND create_table_query LIKE '% TTL %'"
    )
    for (table,) in client.query(limited).result_rows:
        client.command(f"ALTER TABLE {table} REMOVE TTL")


def connect(database: Database) -> Client:
    """A client in that database, brought to this release's schema."""
    client = clickhouse_connect.get_client(dsn=database.dsn)
    migrate(client, database.name)
    _keep_for_ever(client)
    return client


def insert(client: Client, table: str, rows: Sequence[Row]) -> None:
    """Insert rows one at a time, as if each came on its own."""
    for row in rows:
        client.insert(table, [list(row.values())], column_names=list(row))


def fill(database: Database) -> None:
    """Migrate the database and put all rows in."""
    with closing(connect(database)) as client:
        for table, rows in TABLES.items():
            insert(client, table, rows)


class PageProcess(Service):
    """`readystream page`, looking at `dsn`."""

    name = "the page"

    def __init__(self, dsn: str, database: str, home: Path) -> None:
        super().__init__(home / "page.log")
        self._dsn = dsn
        self._database = database
        self.url = f"http://127.0.0.1:{self.port}"

    def command(self) -> list[str]:
        return [sys.executable, "-m", "readystream", "page"]

    def environment(self) -> Mapping[str, str]:
        return {
            "CLICKHOUSE_DSN": self._dsn,
            "CLICKHOUSE_DATABASE": self._database,
            "READYSTREAM_PAGE_PORT": str(self.port),
        }

    def answers(self) -> bool:
        return httpx.get(f"{self.url}/healthz").is_success
