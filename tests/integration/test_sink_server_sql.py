"""What is shipped for servers and clusters, as far as an engine without roles and replicas can tell.

It reads the syntax of every statement. Grants are compared with the classes of personal data that columns
state, and the condition of the row policy is asked as a query.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from importlib.resources import files

import pytest
from clickhouse_connect.driver.client import Client

from sinks.clickhouse import connect
from sinks.migrate import Migration, migrate
from tests.services.clickhouse import Database

ACCESS = files("sinks").joinpath("server", "access.sql").read_text("utf-8")
GRANT = re.compile(r"GRANT SELECT(?:\(([^)]*)\))?\s+ON readystream\.(\w+) TO readystream_(\w+)")
POLICY = re.compile(r"ROW POLICY OR REPLACE (\w+) ON ([\w., ]+?)\s+USING (.*?)\s+TO ", re.DOTALL)
NOBODYS = {"schema_migrations", "readiness_to_current"}  # bookkeeping, and a view that nobody reads


@pytest.fixture
def client(database: Database) -> Iterator[Client]:
    with connect(database.dsn) as one:
        yield one


def granted(role: str) -> dict[str, set[str]]:
    """Tables that a role may read, each with its columns; none are named where all are granted."""
    found = [(table, columns) for columns, table, to in GRANT.findall(ACCESS) if to == role]
    return {table: {name.strip(" `") for name in columns.split(",") if name} for table, columns in found}


def policies() -> dict[str, tuple[set[str], str]]:
    """Name of a policy → the tables that it is on, and its condition."""
    return {
        name: ({one.strip().removeprefix("readystream.") for one in on.split(",")}, condition)
        for name, on, condition in POLICY.findall(ACCESS)
    }


@pytest.mark.parametrize("name", ["cluster.sql", "access.sql"])
def test_clickhouse_can_read_every_statement(client: Client, name: str) -> None:
    script = Migration(0, name, files("sinks").joinpath("server", name).read_text("utf-8"))

    assert len(script.statements) > 20
    for statement in script.statements:
        assert client.command(f"EXPLAIN AST {statement}"), statement


def test_what_it_cannot_read_is_noticed(client: Client) -> None:
    with pytest.raises(Exception, match="Syntax error"):
        client.command("EXPLAIN AST CREATE ROW POLICY p ON t FOR TO USING")


def test_analysts_read_every_column_but_those_that_may_name_people(
    client: Client, database: Database
) -> None:
    migrate(client, database.name)
    asked = {"name": database.name}
    tables = client.query("SELECT name FROM system.tables WHERE database = {name:String}", parameters=asked)
    columns = client.query(
        "SELECT table, name, comment LIKE '%[identity, %' FROM system.columns WHERE database = {name:String}",
        parameters=asked,
    )
    naming: defaultdict[str, set[str]] = defaultdict(set)
    others: defaultdict[str, set[str]] = defaultdict(set)
    for table, name, is_naming in columns.result_rows:
        (naming if is_naming else others)[table].add(name)

    expected = {table: others[table] if naming[table] else set() for (table,) in tables.result_rows}
    assert naming["statements"] == {"statement"}
    assert granted("analyst") == {table: names for table, names in expected.items() if table not in NOBODYS}


def test_whatever_managers_read_is_under_a_policy(client: Client, database: Database) -> None:
    migrate(client, database.name)
    limited, condition = policies()["readystream_reports"]
    readable = granted("manager")
    sources = {
        name: set(re.findall(rf"{database.name}\.(\w+)", text)) - {name}
        for name, text in client.query(
            "SELECT name, create_table_query FROM system.tables "
            "WHERE database = {name:String} AND engine = 'View'",
            parameters={"name": database.name},
        ).result_rows
    }

    of_the_policy = readable.pop("hr_attributes")
    assert of_the_policy == {name for name in of_the_policy if name in condition} != set()
    assert limited <= readable.keys()
    for table in readable.keys() - limited:
        assert sources[table] <= limited, table
    assert policies()["readystream_everybody"][0] == limited  # else nobody but managers would see a row


def test_a_manager_sees_those_who_report_to_them_today(client: Client, database: Database) -> None:
    migrate(client, database.name)
    today = date.today()  # noqa: DTZ011
    said = [
        ("stays", "boss", -30),
        ("came", "other", -30),
        ("came", "boss", -3),
        ("left", "boss", -30),
        ("left", "other", -3),
        ("will come", "other", -30),
        ("will come", "boss", 3),
        ("nobody's", "", -30),
    ]
    rows = [[person, manager, today + timedelta(days=day)] for person, manager, day in said]
    client.insert("hr_attributes", rows, column_names=["person_id", "manager_id", "valid_from"])
    people = [[person, 30, today] for person in sorted({row[0] for row in said} | {"boss"})]
    client.insert("engagement_windows", people, column_names=["person_id", "window_days", "as_of"])
    condition = policies()["readystream_reports"][1].replace("readystream.", "")

    seen = client.query(
        "SELECT person_id FROM current_engagement WHERE "
        + condition.replace("getSetting('readystream_person_id')", "'boss'")
        + " ORDER BY person_id"
    )

    assert [person for (person,) in seen.result_rows] == ["came", "stays"]
