import pytest

from schemas.errors import MigrationError
from sinks.migrate import Migration, parse, shipped


def test_statements_end_with_a_semicolon_at_the_end_of_a_line() -> None:
    sql = """-- a comment; with one;
CREATE TABLE a (x String COMMENT 'one; two')
ENGINE = Log;

SELECT 1;  """

    assert Migration(1, "a", sql).statements == (
        "CREATE TABLE a (x String COMMENT 'one; two')\nENGINE = Log",
        "SELECT 1",
    )


def test_the_checksum_is_that_of_the_text_whatever_its_line_endings() -> None:
    unix, dos, other = (Migration(1, "a", sql).checksum for sql in ("a;\nb;\n", "a;\r\nb;\r\n", "a;\nc;\n"))

    assert unix == dos
    assert unix != other


def test_migrations_are_put_in_order_and_other_files_ignored() -> None:
    found = parse({"0010_z.sql": "", "README.md": "", "0002_b.sql": "", "__pycache__": ""})

    assert [(migration.version, migration.name) for migration in found] == [(2, "b"), (10, "z")]


def test_a_number_is_used_once() -> None:
    with pytest.raises(MigrationError, match="0001"):
        parse({"0001_a.sql": "", "0001_b.sql": ""})


def test_every_migration_of_this_release_does_something() -> None:
    assert all(migration.statements for migration in shipped())


def test_the_migrations_of_this_release_are_numbered_without_gaps() -> None:
    versions = [migration.version for migration in shipped()]

    assert versions == list(range(1, len(versions) + 1))
