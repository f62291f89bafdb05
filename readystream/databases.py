"""Bringing a ClickHouse database to this release's schema."""

from clickhouse_connect.driver.exceptions import ClickHouseError

from schemas.errors import UnavailableError
from sinks.clickhouse import connect, is_transient
from sinks.migrate import migrate


def migrate_database(dsn: str, database: str) -> list[str]:
    """Create the database if it is missing and apply what is missing; returns the names of what was applied.

    Raises `UnavailableError` when ClickHouse does not answer, `MigrationError` when the database is not
    what the migrations say.
    """
    try:
        client = connect(dsn)
        try:
            return migrate(client, database)
        finally:
            client.close()
    except (ClickHouseError, OSError) as error:
        if is_transient(error):
            raise UnavailableError(f"ClickHouse does not answer: {error}") from error
        raise
