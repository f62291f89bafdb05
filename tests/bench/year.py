"""A year of events in ClickHouse, made inside of it, and kept from one run to the next."""

import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import clickhouse_connect
from clickhouse_connect.driver.client import Client

import sinks
from readystream.embedded.clickhouse import EmbeddedClickHouse
from sinks.migrate import migrate

END = datetime(2026, 7, 1, tzinfo=UTC)
DAYS = 365
_BLOCK = 1_000_000
_MEMORY_BYTES = 8 << 30
_SETTINGS = {"max_memory_usage": _MEMORY_BYTES}
_CACHE = Path(".cache/bench-dashboards")
_MIGRATIONS = Path(sinks.__file__).parent / "migrations"

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
    toDateTime64({end:UInt32} - (1 - number / {all:UInt64}) * {days:UInt32} * 86400, 6, 'UTC') AS at,
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
    toDateTime64({end:UInt32} - (1 - number / {all:UInt64}) * {days:UInt32} * 86400, 6, 'UTC') AS at,
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


@contextmanager
def year(rows: int) -> Iterator[Client]:
    """A client of a database with `rows` events.

    Its files stay in `.cache` and are used again while neither what fills them nor a migration has changed.
    """
    home = _CACHE / f"{rows}-{_digest()}"
    if not (home / "filled").exists():
        shutil.rmtree(_CACHE, ignore_errors=True)
        home.mkdir(parents=True)
    with (
        EmbeddedClickHouse(home / "clickhouse", home / "clickhouse.log", _MEMORY_BYTES) as server,
        closing(clickhouse_connect.get_client(dsn=server.dsn, send_receive_timeout=600)) as client,
    ):
        migrate(client, "bench")
        if not (home / "filled").exists():
            _fill(client, rows)
            (home / "filled").touch()
        yield client


def _digest() -> str:
    texts = [Path(__file__).read_bytes(), *(file.read_bytes() for file in sorted(_MIGRATIONS.glob("*.sql")))]
    return sha256(b"".join(texts)).hexdigest()[:12]


def _fill(client: Client, rows: int) -> None:
    """A year of `rows` events of a person for every two hundred, as many raw records, and their figures."""
    people = max(10, rows // 200)
    known = {"people": people, "end": int(END.timestamp()), "days": DAYS, "all": rows}
    for start in range(0, rows, _BLOCK):
        block = known | {"start": start, "rows": min(_BLOCK, rows - start)}
        for sql in (_EVENTS, _STATEMENTS):
            client.command(sql, parameters=block, settings=_SETTINGS)
    for sql in _PEOPLE:
        client.command(sql, parameters=known, settings=_SETTINGS)
