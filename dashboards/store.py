"""Read from ClickHouse without holding up the event loop."""

import asyncio
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import clickhouse_connect
from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import ClickHouseError

_CONNECT_TIMEOUT_S = 3
_NOT_SET_UP = {"UNKNOWN_DATABASE", "UNKNOWN_TABLE"}


@dataclass(frozen=True, slots=True)
class Rows:
    """What a query gave, columns in its order."""

    rows: Sequence[Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Unavailable:
    """Why there is no answer, in words for a person, without addresses or secrets."""

    detail: str


class Store:
    """Runs queries in a few threads, each with a client of its own.

    Reads: the views of the ClickHouse database. Writes: nothing; the server is told so too.
    Key: none. State: connections. Guarantee: an answer or `Unavailable` within about `timeout_s` seconds of
    a thread being free. On failure: the thread's client is dropped and the next query connects anew.
    """

    def __init__(self, dsn: str, database: str, *, timeout_s: int = 10, threads: int = 4) -> None:
        self._dsn = dsn
        self._database = database
        self._timeout_s = timeout_s
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="clickhouse")
        self._local = threading.local()

    async def read(self, sql: str) -> Rows | Unavailable:
        """Run one query."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._read, sql)

    def close(self) -> None:
        """Forget queries that wait and return when those under way have ended."""
        self._threads.shutdown(cancel_futures=True)

    def _read(self, sql: str) -> Rows | Unavailable:
        try:
            return Rows(self._client().query(sql).result_rows)
        except (ClickHouseError, OSError) as error:
            self._local.client = None
            return Unavailable(_in_words(getattr(error, "name", None)))

    def _client(self) -> Client:
        client: Client | None = getattr(self._local, "client", None)
        if client is None:
            client = clickhouse_connect.get_client(
                dsn=self._dsn,
                database=self._database,
                autogenerate_session_id=False,
                connect_timeout=_CONNECT_TIMEOUT_S,
                send_receive_timeout=self._timeout_s,
                settings={"readonly": 2, "max_execution_time": self._timeout_s},
            )
            self._local.client = client
        return client


def _in_words(error_name: str | None) -> str:
    """What to tell a person; ClickHouse's own text would tell addresses and SQL too."""
    if error_name is None:
        return "ClickHouse does not answer."
    if error_name in _NOT_SET_UP:
        return "The database is not set up yet: run `readystream migrate`."
    return f"ClickHouse could not answer: {error_name}."
