"""Versioned, forward-only migrations: `migrations/NNNN_name.sql`, applied in order, once.

Statements end with `;` at the end of a line and can be repeated without harm, so a migration that was
interrupted, or that two processes apply at the same time, ends the same. What was applied is recorded with
its checksum in `schema_migrations`; a file that has changed since is refused.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files
from itertools import pairwise

from clickhouse_connect.driver.client import Client

from schemas.errors import MigrationError
from sinks.clickhouse import insert_settings

_NAME = re.compile(r"(\d{4})_([a-z0-9_]+)\.sql")
_END = re.compile(r";[ \t]*$", re.MULTILINE)
_COMMENT = re.compile(r"^[ \t]*--.*$", re.MULTILINE)

HISTORY = """
CREATE TABLE IF NOT EXISTS schema_migrations
(
    version    UInt32 COMMENT 'Number of the migration',
    name       String COMMENT 'Its name',
    checksum   String COMMENT 'SHA-256 of its text',
    applied_at DateTime64(3, 'UTC') DEFAULT now64(3) COMMENT 'When it was applied'
)
ENGINE = ReplacingMergeTree
ORDER BY version
COMMENT 'Migrations that this database has'
"""


@dataclass(frozen=True, slots=True)
class Migration:
    """One file of SQL."""

    version: int
    name: str
    sql: str

    @property
    def label(self) -> str:
        """Number and name, as its file is called."""
        return f"{self.version:04}_{self.name}"

    @property
    def checksum(self) -> str:
        """SHA-256 of the text, hex; line endings do not count."""
        return sha256("\n".join(self.sql.splitlines()).encode()).hexdigest()

    @property
    def statements(self) -> tuple[str, ...]:
        """The statements, without comment lines."""
        parts = _END.split(_COMMENT.sub("", self.sql))
        return tuple(part.strip() for part in parts if part.strip())


def shipped() -> tuple[Migration, ...]:
    """The migrations of this release, in order."""
    return parse(
        {file.name: file.read_text("utf-8") for file in files("sinks").joinpath("migrations").iterdir()}
    )


def parse(texts: Mapping[str, str]) -> tuple[Migration, ...]:
    """Migrations from file name to text. Raises `MigrationError` for a number used twice."""
    named = ((_NAME.fullmatch(name), sql) for name, sql in texts.items())
    found = sorted((Migration(int(m[1]), m[2], sql) for m, sql in named if m), key=lambda m: m.version)
    for earlier, later in pairwise(found):
        if earlier.version == later.version:
            raise MigrationError(f"{earlier.name} and {later.name} are both number {later.version:04}")
    return tuple(found)


def migrate(client: Client, database: str, migrations: Iterable[Migration] | None = None) -> list[str]:
    """Bring `database` up to date and return the names of the migrations that this call applied.

    Creates the database if need be and leaves the client in it. Raises `MigrationError` when a migration
    was changed after it was applied, or when the database has one that this release does not know.
    """
    known = shipped() if migrations is None else tuple(migrations)
    client.command(f"CREATE DATABASE IF NOT EXISTS `{database}`", use_database=False)
    client.database = database
    client.command(HISTORY)
    applied = _applied(client)
    _check(known, applied)
    return [_apply(client, migration) for migration in known if migration.version not in applied]


def pending(client: Client, database: str) -> list[str]:
    """Names of the migrations that `database` lacks; changes nothing. Raises as `migrate` does."""
    known = shipped()
    ((there,),) = client.query(
        "SELECT count() FROM system.tables WHERE database = {database:String} AND name = 'schema_migrations'",
        parameters={"database": database},
    ).result_rows
    client.database = database if there else "default"
    applied = _applied(client) if there else {}
    _check(known, applied)
    return [migration.label for migration in known if migration.version not in applied]


def _applied(client: Client) -> dict[int, str]:
    rows = client.query("SELECT version, checksum FROM schema_migrations FINAL").result_rows
    return {int(version): str(checksum) for version, checksum in rows}


def _check(known: Iterable[Migration], applied: Mapping[int, str]) -> None:
    checksums = {migration.version: migration.checksum for migration in known}
    for version, checksum in sorted(applied.items()):
        if version not in checksums:
            raise MigrationError(f"the database has migration {version:04}, which this release does not know")
        if checksums[version] != checksum:
            raise MigrationError(
                f"migration {version:04} was changed after it was applied: add a new one instead"
            )


def _apply(client: Client, migration: Migration) -> str:
    for statement in migration.statements:
        client.command(statement)
    row = [migration.version, migration.name, migration.checksum]
    columns = ["version", "name", "checksum"]
    client.insert("schema_migrations", [row], column_names=columns, settings=insert_settings(client))
    return migration.label
