"""What commands do with a ClickHouse database."""

from collections.abc import Iterator
from contextlib import contextmanager

from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import ClickHouseError

from schemas.errors import UnavailableError
from sinks.clickhouse import connect, is_transient
from sinks.migrate import migrate
from sinks.trace import Step, trace


def migrate_database(dsn: str, database: str) -> list[str]:
    """Create the database if it is missing and apply what is missing; returns the names of what was applied.

    Raises `UnavailableError` when ClickHouse does not answer, `MigrationError` when the database is not
    what the migrations say.
    """
    with connected(dsn) as client:
        return migrate(client, database)


def trace_statement(dsn: str, database: str, statement_id: str) -> list[Step]:
    """The way of a statement through the pipeline. Raises `UnavailableError`."""
    with connected(dsn, database) as client:
        return trace(client, statement_id)


def drop_database(dsn: str, database: str) -> None:
    """Drop the database, if there is one. Raises `UnavailableError`."""
    with connected(dsn) as client:
        client.command("DROP DATABASE IF EXISTS {name:Identifier} SYNC", parameters={"name": database})


@contextmanager
def connected(dsn: str, database: str | None = None) -> Iterator[Client]:
    """A client while the block lasts. What passes by itself is an `UnavailableError`."""
    try:
        client = connect(dsn, database)
        try:
            yield client
        finally:
            client.close()
    except (ClickHouseError, OSError) as error:
        if is_transient(error):
            raise UnavailableError(f"ClickHouse does not answer: {error}") from error
        raise
