"""The features command: a table for models of turnover and mobility, as of a date.

Reads: `learning_events`, `statements` (voids), `identity_links`, `hr_attributes`.
Writes: a Parquet file.
Key: person.
State: a table of spans, gone when the command ends.
Guarantee: a row rests only on what happened up to the end of the day *and* was known by then, so the features
of a date are the same whenever they are asked for, and no label leaks into them. Persons and managers are
pseudonyms; there are no names, addresses, employee ids or dates of birth or hire in it.
On failure: `UnavailableError`; no file is left behind.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from uuid import uuid4

from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import ClickHouseError

from schemas.errors import ConfigError, UnavailableError
from schemas.settings import ClickHouseSettings
from sinks.clickhouse import connect, insert_settings, is_transient
from sinks.features import features_sql
from streams.core import identity, links
from streams.core.moments import DAY_US

_LINKS = """
SELECT persona_id, person_id, action, rule, source, confidence, toInt32(valid_from) AS valid_from,
       toInt32(valid_to) AS valid_to, version
FROM identity_links FINAL
WHERE recorded_at < fromUnixTimestamp64Micro({known:Int64})
ORDER BY persona_id, version
"""
_SPANS = """
CREATE TABLE {name} (persona_id String, valid_from Int32, valid_to Int32, person_id String)
ENGINE = MergeTree ORDER BY (persona_id, valid_from)
"""
_BEGINNING, _END = -(2**31), 2**31 - 1


def write_features(settings: ClickHouseSettings, as_of: int, windows: Sequence[int], out: Path) -> int:
    """Write the features of UTC day `as_of` (days since 1970-01-01); returns how many persons they are of."""
    try:
        client = connect(settings.dsn, settings.clickhouse_database)
        try:
            found = features(client, as_of, windows)
        finally:
            client.close()
    except (ClickHouseError, OSError) as error:
        if is_transient(error):
            raise UnavailableError(f"ClickHouse does not answer: {error}") from error
        raise
    out.write_bytes(found[0])
    return found[1]


def options(as_of: str, windows: str) -> tuple[int, tuple[int, ...]]:
    """(day since 1970-01-01, lengths of windows in days). Raises `ConfigError`."""
    problems = []
    try:
        day = (date.fromisoformat(as_of) - date(1970, 1, 1)).days
    except ValueError:
        day = 0
        problems.append(f"--as-of: {as_of!r} is no ISO date")
    parts = [part.strip() for part in windows.split(",")]
    lengths = tuple(int(part) for part in parts if part.isdecimal() and int(part) > 0)
    if len(set(lengths)) != len(parts):
        problems.append(f"--windows: {windows!r} is no list of distinct numbers of days, such as 30,90,180")
    if problems:
        raise ConfigError("the command line", problems)
    return day, lengths


def features(client: Client, as_of: int, windows: Sequence[int]) -> tuple[bytes, int]:
    """(Parquet, number of rows)."""
    name = f"features_{uuid4().hex[:16]}_spans"
    asked = {"as_of": as_of, "known": (as_of + 1) * DAY_US}
    client.command(_SPANS.format(name=name))
    try:
        columns = ["persona_id", "valid_from", "valid_to", "person_id"]
        client.insert(
            name, list(_spans(client, asked)), column_names=columns, settings=insert_settings(client)
        )
        sql = features_sql(name, windows)
        rows = client.query(f"SELECT count() FROM ({sql})", parameters=asked).result_rows[0][0]  # noqa: S608
        return client.raw_query(sql, parameters=asked, fmt="Parquet"), rows
    finally:
        client.command(f"DROP TABLE {name} SYNC")


def _spans(client: Client, asked: dict[str, int]) -> Iterator[list[object]]:
    """Whose a persona was, by stretches of days, as links told it by then: by the rules of the workers."""
    told: defaultdict[str, tuple[identity.Assertion, ...]] = defaultdict(tuple)
    for row in client.query(_LINKS, parameters=asked).named_results():
        persona = row["persona_id"]
        told[persona] = identity.fold(told[persona], links.from_record(row, row["version"]))
    for persona, assertions in told.items():
        bounds = {day for one in assertions for day in (one.valid_from, one.valid_to) if day is not None}
        starts = [_BEGINNING, *sorted(bounds)]
        for start, end in zip(starts, [*starts[1:], _END], strict=True):
            yield [persona, start, end, identity.person_on(assertions, persona, start)]
