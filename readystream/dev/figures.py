"""What ClickHouse holds at the end, and whether it agrees with what was accepted.

Each figure is counted at the place it names. The engagement of every person is computed a second time, in
SQL from the learning events, and compared with what the workers published.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from clickhouse_connect.driver.client import Client

_ROWS_SQL = """
SELECT sum(rows) FROM (
  SELECT count() AS rows FROM accepted_statements UNION ALL
  SELECT count() FROM learning_events FINAL UNION ALL
  SELECT count() FROM identity_links FINAL UNION ALL
  SELECT count() FROM engagement_windows FINAL UNION ALL
  SELECT count() FROM skill_levels FINAL UNION ALL
  SELECT count() FROM readiness FINAL UNION ALL
  SELECT count() FROM dead_letters FINAL)
"""
_PUBLISHED_SQL = """
SELECT person_id, statements, active_days, completions, passes, fails
FROM current_engagement
WHERE window_days = 180
"""
_RECOMPUTED_SQL = """
WITH {as_of:Int32} AS last, last - 179 AS first
SELECT person_id, sum(counts), uniqExactIf(day, active), sum(completions), sum(passes), sum(fails)
FROM (
  SELECT person_id, toInt32(event_day) AS day, 1 AS counts, 0 AS active, completions, passes, fails
  FROM events_resolved WHERE verb != 'http://adlnet.gov/expapi/verbs/voided'
  UNION ALL
  SELECT person_id, arrayJoin(slots).day AS day, 0, 1, 0, 0, 0 FROM events_resolved)
WHERE person_id != '' AND day BETWEEN first AND last
GROUP BY person_id
"""


@dataclass(frozen=True, slots=True)
class Held:
    """What ClickHouse holds."""

    statements: int
    distinct_statements: int
    events: int
    voided: int
    personas: int
    persons: int
    dead_letters: int
    readiness_updates: int
    rows: int
    freshness_p50_ms: int
    freshness_p99_ms: int

    @property
    def duplicates(self) -> int:
        """Accepted records beyond the first of each statement id."""
        return self.statements - self.distinct_statements


def held(client: Client) -> Held:
    """Count."""

    def one(sql: str) -> int:
        return int(client.query(sql).result_rows[0][0] or 0)

    age = "dateDiff('millisecond', received_at, ingested_at)"
    p50, p99 = client.query(
        f"SELECT quantileExact(0.5)({age}), quantileExact(0.99)({age}) FROM learning_events FINAL"  # noqa: S608
    ).result_rows[0]
    return Held(
        statements=one("SELECT count() FROM accepted_statements"),
        distinct_statements=one("SELECT uniqExact(statement_id) FROM accepted_statements"),
        events=one("SELECT count() FROM learning_events FINAL"),
        voided=one("SELECT count() FROM learning_events FINAL WHERE voided"),
        personas=one("SELECT uniqExact(persona_id) FROM accepted_statements WHERE persona_id != ''"),
        persons=one("SELECT uniqExact(person_id) FROM events_resolved WHERE person_id != ''"),
        dead_letters=one("SELECT count() FROM dead_letters FINAL"),
        readiness_updates=one("SELECT count() FROM readiness FINAL"),
        rows=one(_ROWS_SQL),
        freshness_p50_ms=int(p50),
        freshness_p99_ms=int(p99),
    )


def disagreements(client: Client, accepted: Sequence[str], as_of: int) -> list[str]:
    """One sentence for each way in which ClickHouse and what was accepted, or its own figures, differ."""
    rows = client.query("SELECT DISTINCT statement_id FROM accepted_statements").result_rows
    return [
        *_ids(set(accepted), {row[0] for row in rows}),
        *_events(client),
        *_engagement(client, as_of),
    ]


def _ids(accepted: set[str], stored: set[str]) -> Iterable[str]:
    for statement_id in sorted(accepted - stored):
        yield f"statement {statement_id} was accepted and is not in ClickHouse"
    for statement_id in sorted(stored - accepted):
        yield f"statement {statement_id} is in ClickHouse and was never accepted"


def _events(client: Client) -> Iterable[str]:
    sql = """
        SELECT statement_id FROM accepted_statements
        WHERE statement_id NOT IN (SELECT statement_id FROM learning_events)
          AND (origin_partition, origin_offset) NOT IN (
            SELECT partition, offset FROM dead_letters WHERE topic = 'xapi.statements')
        LIMIT 1000
    """
    for (statement_id,) in client.query(sql).result_rows:
        yield f"statement {statement_id} gave neither a learning event nor a dead letter"


def _engagement(client: Client, as_of: int) -> Iterable[str]:
    published = {row[0]: tuple(row[1:]) for row in client.query(_PUBLISHED_SQL).result_rows}
    rows = client.query(_RECOMPUTED_SQL, parameters={"as_of": as_of}).result_rows
    recomputed = {row[0]: tuple(row[1:]) for row in rows}
    nothing = (0, 0, 0, 0, 0)
    for person in sorted(published.keys() | recomputed.keys()):
        says, is_really = published.get(person, nothing), recomputed.get(person, nothing)
        if says != is_really:
            yield f"engagement of {person}: published {says}, recomputed {is_really}"
