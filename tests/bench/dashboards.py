"""What each panel's query costs over ten million events, as a ratio to reading them all once.

    python -m tests.bench.dashboards --rows 10000000

The ratio of a panel is the best of two runs, over the best of three full scans of `learning_events` (every
column, every row) by the same engine at that size. Ratios carry over to other machines, seconds do not. The
budget is one full scan; panels beyond it are marked. Each cost is printed as it is found.
"""

import argparse
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import clickhouse_connect
from clickhouse_connect.driver.client import Client
from rich.console import Console
from rich.table import Table

from dashboards.catalogue import PANELS
from dashboards.dashboard import Clock, chosen_values
from dashboards.macros import Scope, expand
from readystream.embedded.clickhouse import EmbeddedClickHouse
from sinks.migrate import migrate
from tests.bench import machine

END = datetime(2026, 7, 1, tzinfo=UTC)
RANGE = timedelta(days=90)
DAYS = 365
BLOCK = 500_000
MEMORY_BYTES = 8 << 30
BUDGET = 1.0
SETTINGS = {"max_memory_usage": MEMORY_BYTES, "max_execution_time": 120}
FULL_SCAN = "SELECT count() FROM learning_events WHERE NOT ignore(*)"

_EVENTS = """
INSERT INTO learning_events (
    statement_id, persona_id, verb, verb_class, activity, activity_name, event_time, stored_at, received_at,
    slots, time_source, completions, passes, fails, evidence, credential, origin_partition, origin_offset,
    version)
SELECT
    lower(hex(MD5(toString(number)))) AS id,
    concat('persona-', toString(cityHash64(number) % {people:UInt64} * 2 + number % 2)),
    'http://adlnet.gov/expapi/verbs/completed',
    ['assessed', 'exposure', 'engagement', 'none'][number % 4 + 1],
    concat('https://learn.example.com/course/', toString(cityHash64(number, 1) % 2000)) AS course,
    concat('Course ', toString(cityHash64(number, 1) % 2000)),
    toDateTime64({end:UInt32} - cityHash64(number, 2) % ({days:UInt32} * 86400), 6, 'UTC') AS at,
    at, at,
    [(toInt32(toDate32(at)), toInt32(number % 287), toInt32(number % 287 + 1))],
    'slots', number % 9 = 0, number % 7 = 0, number % 31 = 0,
    if(number % 4 = 0,
        [(concat('skill-', toString(number % 12)), 'assessed', course, toInt32(toDate32(at)),
          toUnixTimestamp64Milli(toDateTime64(at, 3)), id, 1000000, 800000, '1', true)],
        []),
    concat('source-', toString(number % 5)), toInt32(number % 12), toInt64(number), number + 1
FROM numbers({start:UInt64}, {rows:UInt64})
"""
_STATEMENTS = """
INSERT INTO statements (
    statement_id, persona_id, statement, received_at, stored_at, credential, source,
    origin_partition, origin_offset, ingested_at)
SELECT
    lower(hex(MD5(toString(number - (number % 20 = 19))))),
    concat('persona-', toString(cityHash64(number) % {people:UInt64} * 2 + number % 2)),
    '{"verb":{"id":"http://adlnet.gov/expapi/verbs/completed"}}',
    toDateTime64({end:UInt32} - cityHash64(number, 2) % ({days:UInt32} * 86400), 6, 'UTC') AS at,
    at, concat('source-', toString(number % 5)), 'http', toInt32(number % 12), toInt64(number),
    at + toIntervalMillisecond(number % 3000)
FROM numbers({start:UInt64}, {rows:UInt64})
"""
_PEOPLE = (
    """
    INSERT INTO identity_links (persona_id, person_id, action, rule, valid_from, origin_offset, version)
    SELECT concat('persona-', toString(number)), concat('person-', toString(intDiv(number, 2))),
        'link', 'hris_id', '1970-01-01', number, number + 1
    FROM numbers({people:UInt64} * 2) WHERE number % 10 != 0
    """,
    """
    INSERT INTO engagement_windows (person_id, window_days, as_of, label, score, version)
    SELECT concat('person-', toString(intDiv(number, 4))), [7, 30, 90, 180][number % 4 + 1],
        toDate({end:UInt32}), ['active', 'inactive'][number % 2 + 1], number % 100, 1
    FROM numbers({people:UInt64} * 4)
    """,
    """
    INSERT INTO skill_levels (person_id, skill, as_of, level, confidence, low, high, top_evidence, version)
    SELECT concat('person-', toString(intDiv(number, 4))) AS person, concat('skill-', toString(number % 12)),
        toDate({end:UInt32}), number % 100, number % 10 / 10, 10, 90,
        [(lower(hex(MD5(toString(number)))), person, 'assessed', 'course', 1, 2.5)], 1
    FROM numbers({people:UInt64} * 4)
    """,
    """
    INSERT INTO readiness (
        person_id, role, as_of, score, low, high, confidence, status, gaps, raise_most, version)
    SELECT concat('person-', toString(intDiv(number, 16))), concat('role-', toString(number % 4)),
        toDate({end:UInt32} - intDiv(number, 4) % 4 * 86400 * 20), number % 100, 10, 90, number % 10 / 10,
        ['candidate', 'review', 'developing'][number % 3 + 1],
        [(concat('skill-', toString(number % 12)), 40, 70, 30, 1, 0.5, false)],
        concat('skill-', toString(number % 12)), number + 1
    FROM numbers({people:UInt64} * 16)
    """,
)


@dataclass(frozen=True, slots=True)
class Cost:
    """What a panel's query took. `fault` says why it gave no answer, empty if it did."""

    panel: str
    seconds: float
    fault: str = ""


def fill(client: Client, rows: int) -> None:
    """A year of `rows` events of a person for every two hundred, as many raw records, and their figures."""
    people = max(10, rows // 200)
    known = {"people": people, "end": int(END.timestamp()), "days": DAYS}
    for start in range(0, rows, BLOCK):
        block = known | {"start": start, "rows": min(BLOCK, rows - start)}
        for sql in (_EVENTS, _STATEMENTS):
            client.command(sql, parameters=block, settings=SETTINGS)
    for sql in _PEOPLE:
        client.command(sql, parameters=known, settings=SETTINGS)


def full_scan(client: Client) -> float:
    """Seconds to read every column of every event, best of three."""
    return min(_timed(client, FULL_SCAN) for _ in range(3))


def costs(client: Client) -> Iterator[Cost]:
    """Each panel over the last 90 days, of one person where one is asked for."""
    statement = client.query("SELECT statement_id FROM learning_events LIMIT 1").result_rows[0][0]
    asked = {"person": ["person-1"], "statement": [statement]}
    for id_, (dashboard, panel) in PANELS.items():
        length = timedelta(hours=24) if dashboard.clock is Clock.ARRIVALS else RANGE
        scope = Scope(END - length, END, 86_400, chosen_values(dashboard.variables, asked))
        sql = expand(panel.sql, scope)
        try:
            yield Cost(id_, min(_timed(client, sql) for _ in range(2)))
        except clickhouse_connect.driver.exceptions.ClickHouseError as error:
            yield Cost(id_, float("nan"), str(error).splitlines()[0][:60])


def _timed(client: Client, sql: str) -> float:
    started = time.perf_counter()
    client.query(sql, settings=SETTINGS)
    return time.perf_counter() - started


def main(arguments: Sequence[str] | None = None) -> int:
    """Fill, measure, print. Returns 1 when a panel gave no answer."""
    parser = argparse.ArgumentParser(description="What each panel's query costs, as a ratio to a full scan.")
    parser.add_argument("--rows", type=int, default=10_000_000, help="learning events (default: ten million)")
    rows = parser.parse_args(arguments).rows
    console = Console()
    home = Path(tempfile.mkdtemp(prefix="readystream-bench-"))
    try:
        with (
            EmbeddedClickHouse(home / "clickhouse", home / "clickhouse.log", MEMORY_BYTES) as server,
            closing(clickhouse_connect.get_client(dsn=server.dsn, send_receive_timeout=600)) as client,
        ):
            migrate(client, "bench")
            fill(client, rows)
            scan = full_scan(client)
            found = []
            for cost in costs(client):
                console.print(f"{cost.panel}: {cost.fault or f'{cost.seconds / scan:.2f}'}")
                found.append(cost)
    finally:
        shutil.rmtree(home, ignore_errors=True)
    console.print(machine.describe())
    console.print(f"{rows:,} events, a full scan of them: {scan:.2f} s")
    console.print(_table(found, scan))
    return 1 if any(cost.fault for cost in found) else 0


def _table(found: Sequence[Cost], scan: float) -> Table:
    table = Table("panel", "seconds", "full scans", title="Panels over 90 days (pipeline: 24 hours)")
    for cost in sorted(found, key=lambda cost: -cost.seconds):
        mark = " beyond the budget" if cost.seconds > BUDGET * scan else ""
        table.add_row(cost.panel, f"{cost.seconds:.2f}", cost.fault or f"{cost.seconds / scan:.2f}{mark}")
    return table


if __name__ == "__main__":
    sys.exit(main())
