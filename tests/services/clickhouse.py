"""The ClickHouse of a test run: which one, and how it comes and goes."""

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import clickhouse_connect

from readystream.embedded.clickhouse import EmbeddedClickHouse
from tests.services.containers import clickhouse_container, docker_answers

ClickHouseKind = Literal["address", "container", "embedded"]

ADDRESS_VARIABLE = "CLICKHOUSE_DSN"


@dataclass(frozen=True, slots=True)
class ClickHouse:
    """A server that answers: its address, without a database, and what it is."""

    dsn: str
    kind: ClickHouseKind


@dataclass(frozen=True, slots=True)
class Database:
    """A database of one test. `dsn` is the server's address; clients name the database besides."""

    dsn: str
    name: str

    @property
    def environment(self) -> dict[str, str]:
        """The environment of a process of ours that is to use it."""
        return {ADDRESS_VARIABLE: self.dsn, "CLICKHOUSE_DATABASE": self.name}


def choose(option: str) -> ClickHouseKind:
    """The kind to use: the environment's address, else what `--clickhouse` says, else the best there is."""
    if os.environ.get(ADDRESS_VARIABLE):
        return "address"
    match option:
        case "container" | "embedded":
            return option
        case _:
            return "container" if docker_answers() else "embedded"


@contextmanager
def running(kind: ClickHouseKind, home: Path) -> Iterator[ClickHouse]:
    """A server of that kind with its files in `home`, until the block ends."""
    match kind:
        case "address":
            yield ClickHouse(os.environ[ADDRESS_VARIABLE], kind)
        case "container":
            with clickhouse_container() as dsn:
                yield ClickHouse(dsn, kind)
        case "embedded":
            with EmbeddedClickHouse(home / "clickhouse", home / "clickhouse.log") as server:
                yield ClickHouse(server.dsn, kind)


@contextmanager
def new_database(clickhouse: ClickHouse) -> Iterator[Database]:
    """An empty database, dropped when the block ends."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    with clickhouse_connect.get_client(dsn=clickhouse.dsn) as client:
        client.command(f"CREATE DATABASE {name}")
        try:
            yield Database(clickhouse.dsn, name)
        finally:
            client.command(f"DROP DATABASE {name} SYNC")
