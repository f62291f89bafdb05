"""The reference page of ClickHouse's tables, read from a database that the migrations have just made."""

import re
from collections.abc import Iterable
from tempfile import TemporaryDirectory

from clickhouse_connect.driver.client import Client

from sinks.clickhouse import connect
from sinks.migrate import migrate

_DATABASE = "readystream"
_TABLES = """
SELECT name, engine, comment, sorting_key, partition_key, extract(engine_full, 'TTL (.*?) SETTINGS')
FROM system.tables WHERE database = {database:String} ORDER BY engine LIKE '%View', name
"""
_COLUMNS = """
SELECT table, name, type, comment
FROM system.columns WHERE database = {database:String} ORDER BY table, position
"""
_TAGGED = re.compile(r"(?P<meaning>.*) \[(?P<kind>.+), (?P<kept>.+)\]")
LEAD = (
    "Tables and views of the database `readystream`, from the migrations in `sinks/migrations`. Each column "
    "says what class of personal data it holds (none; pseudonym: tells persons apart; conduct: what a "
    "pseudonym did and what was concluded from it; employment: what HR says of a pseudonym; identity: text "
    "that may name people) and how long its rows are kept. `ALTER TABLE … MODIFY TTL` changes a limit. Read "
    "the views: they leave out what was superseded, withdrawn or sent again."
)


def tables_page() -> list[str]:
    """The lines of the page."""
    with TemporaryDirectory() as home, connect(f"chdb://{home}") as client:
        migrate(client, _DATABASE)
        columns = _rows(client, _COLUMNS)
        return [line for table in _rows(client, _TABLES) for line in _table(table, columns)]


def _rows(client: Client, query: str) -> list[tuple[str, ...]]:
    return [tuple(row) for row in client.query(query, parameters={"database": _DATABASE}).result_rows]


def _table(table: tuple[str, ...], columns: Iterable[tuple[str, ...]]) -> list[str]:
    name, engine, comment, order, part, ttl = table
    facts = {"Ordered by": order, "partitioned by": part, "deleted by": ttl}
    said = " · ".join(f"{fact} `{text}`" for fact, text in facts.items() if text)
    head = [f"## `{name}`", "", f"{comment}.", "", f"{engine}. {said}".rstrip(), ""]
    rows = [_column(*column[1:]) for column in columns if column[0] == name and column[3]]
    if not rows:
        return head
    return [*head, "| column | type | meaning | personal data | kept |", "|---|---|---|---|---|", *rows, ""]


def _column(name: str, type_: str, comment: str) -> str:
    tagged = _TAGGED.fullmatch(comment)
    cells = tagged.groups() if tagged else (comment, "none", "no limit")
    return f"| `{name}` | `{type_}` | {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"
