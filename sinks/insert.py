"""Inserting columns."""

from clickhouse_connect.driver.client import Client

from sinks.clickhouse import insert_settings
from sinks.table import Columns, Table


def insert_columns(client: Client, name: str, table: Table, columns: Columns, token: str = "") -> int:
    """Insert `columns` of `table` into the table called `name`; the number of rows that ClickHouse wrote.

    A `token` makes ClickHouse drop what it has had under it.
    """
    if not columns[0]:
        return 0
    more = {"insert_deduplication_token": token} if token else {}
    summary = client.insert(
        name,
        columns,
        column_names=table.column_names,
        column_type_names=table.column_types,
        column_oriented=True,
        settings=insert_settings(client, **more),
    )
    return summary.written_rows
