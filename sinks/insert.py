"""Inserting records: one statement for each table, in which ClickHouse makes rows of them."""

from collections.abc import Mapping
from typing import Any

from clickhouse_connect.driver.client import Client

from schemas.avro_schemas import raw_schema
from sinks.clickhouse import insert_settings
from sinks.container import ENVELOPE, Pack
from sinks.table import Table

_INSERT = "INSERT INTO `{name}` ({columns}) SELECT {values} FROM input('{structure}'){clauses} FORMAT Avro"
_TYPES: Mapping[str, str] = {
    "boolean": "Bool",
    "bytes": "String",
    "double": "Float64",
    "enum": "String",
    "int": "Int32",
    "long": "Int64",
    "string": "String",
}


def insert_records(client: Client, name: str, records: Pack, token: str = "") -> int:
    """Insert the rows of `records` into the table called `name`; the number of rows that ClickHouse wrote.

    A `token` makes ClickHouse drop what it has had under it. One thread reads: the same records give the same
    rows in the same order.
    """
    if not records:
        return 0
    more = {"insert_deduplication_token": token} if token else {}
    settings = insert_settings(client, max_threads=1, wait_end_of_query=1, **more)
    # As `command`, the client would look through all bytes for whether they only read. Statement and bytes
    # are a generator's: those the client sends once and never again by itself.
    request = (part for part in (statement(name, records.table).encode() + b"\n", records.file()))
    return client.raw_insert("", insert_block=request, settings=settings).written_rows


def statement(name: str, table: Table) -> str:
    """The statement that inserts what `pack` makes into the table called `name`."""
    clauses = f" ARRAY JOIN `{table.unfolded}`" if table.unfolded else ""
    clauses += f" WHERE NOT `{table.dropped}`" if table.dropped else ""
    return _INSERT.format(
        name=name,
        columns=", ".join(f"`{column.name}`" for column in table.columns),
        values=", ".join(column.sql for column in table.columns),
        structure=", ".join(f"`{field}` {type_}" for field, type_ in _structure(table).items()),
        clauses=clauses,
    )


def _structure(table: Table) -> dict[str, str]:
    """The fields that the statement asks for, with the types that they are read as."""
    own = {field["name"]: type_of(field["type"]) for field in raw_schema(table.topic.name)["fields"]}
    wanted = {column.source.partition(".")[0] for column in table.columns} | {table.dropped}
    envelope = {field["name"]: type_of(field["type"]) for field in ENVELOPE}
    return envelope | {name: type_ for name, type_ in own.items() if name in wanted}


def type_of(schema: Any) -> str:
    """The ClickHouse type for an Avro schema. KeyError for one that no topic uses."""
    if isinstance(schema, list):
        return f"Nullable({type_of(schema[1])})"
    if isinstance(schema, str):
        return _TYPES[schema]
    match schema["type"]:
        case "record":
            parts = ", ".join(f"{field['name']} {type_of(field['type'])}" for field in schema["fields"])
            return f"Tuple({parts})"
        case "array":
            return f"Array({type_of(schema['items'])})"
        case primitive:
            return _TYPES[primitive]
