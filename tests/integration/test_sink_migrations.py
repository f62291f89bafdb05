"""Migrations against ClickHouse."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from clickhouse_connect.driver.client import Client

from schemas.errors import MigrationError
from sinks.clickhouse import connect
from sinks.migrate import Migration, migrate, shipped
from sinks.table import Table
from sinks.tables import BY_TOPIC
from tests.services.clickhouse import Database

SILENT = "SELECT name FROM system.tables WHERE database = {name:String} AND comment = ''"

# The view that only carries rows on has the columns of the table that it writes to.
COLUMNS = """
SELECT table, name, comment FROM system.columns
WHERE database = {name:String} AND table != 'readiness_to_current'
"""
TAGGED = re.compile(
    r" \[(none|pseudonym|conduct|employment|identity), (5 years|1 year|90 days|while current|no limit)\]$"
)
TTL = re.compile(r"TTL .* \+ (toInterval\w+\(\d+\))")


@pytest.fixture
def client(database: Database) -> Iterator[Client]:
    with connect(database.dsn) as one:
        yield one


def objects(client: Client, database: str | None) -> list[tuple[str, str]]:
    """Name and definition of everything in the database."""
    query = "SELECT name, create_table_query FROM system.tables WHERE database = {name:String} ORDER BY name"
    return [tuple(row) for row in client.query(query, parameters={"name": database}).result_rows]


def add_a_row(client: Client, table: str) -> None:
    """A row of today, empty otherwise."""
    times = [
        name
        for name, type_ in (row[:2] for row in client.query(f"DESCRIBE TABLE {table}").result_rows)
        if type_.startswith("Date")
    ]
    client.command(f"INSERT INTO {table} ({', '.join(times)}) SELECT {', '.join('now()' for _ in times)}")


def test_migrating_twice_changes_nothing(client: Client, database: Database) -> None:
    first = migrate(client, database.name)
    before = objects(client, database.name)

    assert first == [f"{one.version:04}_{one.name}" for one in shipped()]
    assert migrate(client, database.name) == []
    assert objects(client, database.name) == before


def test_a_database_of_any_earlier_release_becomes_the_same_and_keeps_its_rows(
    client: Client, database: Database
) -> None:
    """One migration after the other, with a row in each table as soon as it is there."""
    filled = {"schema_migrations"}
    for number in range(1, len(shipped()) + 1):
        migrate(client, database.name, shipped()[:number])
        for name, definition in objects(client, database.name):
            if definition.startswith("CREATE TABLE") and name not in filled:
                add_a_row(client, name)
                filled.add(name)
    grown = objects(client, database.name)
    counts = {name: client.query(f"SELECT count() FROM {name}").result_rows[0][0] for name in filled}
    scratch = f"{database.name}_scratch"
    try:
        migrate(client, scratch)
        made = objects(client, scratch)
    finally:
        client.command(f"DROP DATABASE {scratch} SYNC")

    assert [(name, text.replace(scratch, database.name)) for name, text in made] == grown
    assert min(counts.values()) >= 1


def test_the_database_is_made_where_it_is_missing(client: Client, database: Database) -> None:
    client.command(f"DROP DATABASE {database.name} SYNC")

    assert migrate(client, database.name)
    assert client.database == database.name


def test_a_migration_that_was_changed_is_refused(client: Client, database: Database) -> None:
    migrate(client, database.name)
    first, *others = shipped()
    changed = replace(first, sql=first.sql.replace("COMMENT", "comment", 1))

    with pytest.raises(MigrationError, match="0001 was changed"):
        migrate(client, database.name, [changed, *others])


def test_a_database_of_a_newer_release_is_refused(client: Client, database: Database) -> None:
    newer = Migration(9000, "from_the_future", "SELECT 1;")
    migrate(client, database.name, [*shipped(), newer])

    with pytest.raises(MigrationError, match="9000"):
        migrate(client, database.name)


def test_a_migration_that_failed_half_way_can_be_repeated(client: Client, database: Database) -> None:
    good = "CREATE TABLE IF NOT EXISTS half (n Int32) ENGINE = MergeTree ORDER BY n;\n"
    with pytest.raises(Exception, match="nowhere"):
        migrate(client, database.name, [Migration(1, "half", good + "SELECT * FROM nowhere;")])

    assert migrate(client, database.name, [Migration(1, "half", good)]) == ["0001_half"]


def test_two_that_migrate_at_once_end_the_same(database: Database) -> None:
    def run(_: int) -> None:
        with connect(database.dsn) as client:
            migrate(client, database.name)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(run, range(2)))

    with connect(database.dsn, database.name) as client:
        assert migrate(client, database.name) == []
        count = client.query("SELECT count() FROM schema_migrations FINAL").result_rows[0][0]
    assert count == len(shipped())


@pytest.mark.parametrize("table", BY_TOPIC.values(), ids=lambda table: table.name)
def test_the_sink_declares_what_the_database_has(migrated: Client, table: Table) -> None:
    columns = migrated.query(
        "SELECT name, type FROM system.columns WHERE database = {database:String} AND table = {table:String} "
        "AND name != 'ingested_at' ORDER BY position",
        parameters={"database": migrated.database, "table": table.name},
    ).result_rows

    assert [tuple(row) for row in columns] == [(column.name, column.type) for column in table.columns]


def test_every_table_and_view_says_what_it_is(client: Client, database: Database) -> None:
    migrate(client, database.name)
    silent = client.query(SILENT, parameters={"name": database.name}).result_rows

    assert silent == []


def test_every_column_says_its_meaning_its_class_of_personal_data_and_how_long_it_is_kept(
    migrated: Client,
) -> None:
    columns = migrated.query(COLUMNS, parameters={"name": migrated.database}).result_rows

    assert {"statements", "events_resolved", "reconciliation_daily"} <= {table for table, *_ in columns}
    assert [row for row in columns if not TAGGED.search(row[2])] == []


def test_what_is_kept_for_a_time_is_deleted_after_it(migrated: Client) -> None:
    tables = {
        name: definition
        for name, definition in objects(migrated, migrated.database)
        if definition.startswith("CREATE TABLE")
    }
    said = {
        (table, TAGGED.search(comment)[2])  # type: ignore[index]
        for table, _, comment in migrated.query(COLUMNS, parameters={"name": migrated.database}).result_rows
        if table in tables
    }
    deleted = {name: match[1] for name, text in tables.items() if (match := TTL.search(text))}

    limits = {"5 years": "toIntervalYear(5)", "1 year": "toIntervalYear(1)", "90 days": "toIntervalDay(90)"}
    assert deleted == {table: limits[kept] for table, kept in said if kept in limits}
    assert len(said) == len(tables)  # all columns of a table say the same


def test_a_row_past_its_time_goes(migrated: Client) -> None:
    migrated.command(
        "INSERT INTO statements (statement_id, received_at, stored_at) "
        "VALUES ('old', now() - INTERVAL 6 YEAR, now()), ('new', now(), now())"
    )

    migrated.command("OPTIMIZE TABLE statements FINAL")

    assert migrated.query("SELECT statement_id FROM statements").result_rows == [("new",)]


def test_every_table_remembers_the_tokens_of_many_blocks(migrated: Client) -> None:
    tables = [*(table.name for table in BY_TOPIC.values()), "readiness_current", "ingest_intent"]

    forgetful = [
        name
        for name, definition in objects(migrated, migrated.database)
        if name in tables and "non_replicated_deduplication_window = 10000" not in definition
    ]

    assert forgetful == []
