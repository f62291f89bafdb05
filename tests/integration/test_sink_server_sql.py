"""What is shipped for servers and clusters: its syntax, for the engine has neither roles nor replicas."""

from collections.abc import Iterator
from importlib.resources import files

import pytest
from clickhouse_connect.driver.client import Client

from sinks.clickhouse import connect
from sinks.migrate import Migration
from tests.services.clickhouse import Database


@pytest.fixture
def client(database: Database) -> Iterator[Client]:
    with connect(database.dsn) as one:
        yield one


@pytest.mark.parametrize("name", ["cluster.sql", "access.sql"])
def test_clickhouse_can_read_every_statement(client: Client, name: str) -> None:
    script = Migration(0, name, files("sinks").joinpath("server", name).read_text("utf-8"))

    assert len(script.statements) > 20
    for statement in script.statements:
        assert client.command(f"EXPLAIN AST {statement}"), statement


def test_what_it_cannot_read_is_noticed(client: Client) -> None:
    with pytest.raises(Exception, match="Syntax error"):
        client.command("EXPLAIN AST CREATE ROW POLICY p ON t FOR TO USING")
