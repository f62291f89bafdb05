"""The raw log in ClickHouse against itself, against what was derived from it, and against Kafka.

Offsets of a partition are consecutive. One that `statements` lacks is the copy of a voiding statement, a
record that is no statement, or a row that was lost: only Kafka can tell.
"""

from dataclasses import dataclass

from clickhouse_connect.driver.client import Client

from sinks.reconcile.scope import Scope

_SCOPE = """
origin_epoch = {epoch:Int32} AND origin_partition = {partition:Int32} AND origin_offset <= {offset:Int64}
"""

_SIZE = f"""
SELECT count(), uniqExact(origin_offset), minIf(origin_offset, received_at >= toDate32({{first:Int32}}))
FROM statements WHERE {_SCOPE}
"""

_GAPS = f"""
SELECT before + 1, offset - 1
FROM
(
    SELECT offset, lagInFrame(offset, 1, {{start:Int64}} - 1)
        OVER (ORDER BY offset ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS before
    FROM
    (
        SELECT DISTINCT origin_offset AS offset FROM statements
        WHERE {_SCOPE} AND origin_offset >= {{start:Int64}}
        UNION ALL
        SELECT {{offset:Int64}} + 1
    )
)
WHERE offset > before + 1
ORDER BY offset
"""

_NOT_DERIVED = f"""
SELECT DISTINCT statement_id
FROM statements
WHERE {_SCOPE} AND received_at >= toDate32({{first:Int32}})
  AND statement_id NOT IN (SELECT statement_id FROM learning_events)
  AND origin_offset NOT IN
  (
      SELECT offset FROM dead_letters
      WHERE topic = 'xapi.statements' AND epoch = {{epoch:Int32}} AND partition = {{partition:Int32}}
  )
ORDER BY statement_id
"""

# The same version of an event has one place in the table, unless somebody gave it a second one.
_TWICE = f"""
SELECT statement_id FROM learning_events FINAL WHERE {_SCOPE}
GROUP BY statement_id HAVING count() > 1 ORDER BY statement_id
"""

_EVENT_COPIES = f"SELECT count() - uniqExact(statement_id, version) FROM learning_events WHERE {_SCOPE}"

_FOLD = "OPTIMIZE TABLE {table} PARTITION ID '{part}' FINAL"


@dataclass(frozen=True, slots=True)
class RawLog:
    """What the raw log of a scope holds.

    `doubled` rows stand there more than once. `gaps` are stretches (first, last) of offsets without a row.
    `not_derived` are ids of statements that gave neither an event nor a dead letter, `twice` those that
    readers see two events of. `event_copies` are rows of events that workers sent again after a crash, or
    that somebody copied: readers never see them.
    """

    rows: int
    doubled: int
    gaps: tuple[tuple[int, int], ...]
    not_derived: tuple[str, ...]
    twice: tuple[str, ...]
    event_copies: int


def inspect(client: Client, scope: Scope) -> RawLog:
    """Inspect the raw log of `scope`; its `since` is about the day of receipt."""
    asked = scope.receipts
    [(rows, offsets, first)] = client.query(_SIZE, parameters=asked).result_rows
    start = int(first) if scope.is_limited else 0
    gaps = client.query(_GAPS, parameters={**asked, "start": start}).result_rows
    lost = client.query(_NOT_DERIVED, parameters=scope.kept).result_rows
    twice = client.query(_TWICE, parameters=asked).result_rows
    [(copies,)] = client.query(_EVENT_COPIES, parameters=asked).result_rows
    return RawLog(
        rows=offsets,
        doubled=rows - offsets,
        gaps=tuple((first, last) for first, last in gaps),
        not_derived=tuple(statement_id for (statement_id,) in lost),
        twice=tuple(statement_id for (statement_id,) in twice),
        event_copies=copies,
    )


def fold(client: Client, table: str) -> None:
    """Merge the copies of rows away, in the parts of the table that have any."""
    key = (
        "origin_epoch, origin_partition, origin_offset" if table == "statements" else "statement_id, version"
    )
    parts = client.query(
        f"SELECT _partition_id FROM {table} GROUP BY _partition_id HAVING count() > uniqExact({key})"
    )
    for (part,) in parts.result_rows:
        client.command(_FOLD.format(table=table, part=part))
