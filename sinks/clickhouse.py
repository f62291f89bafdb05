"""The way to ClickHouse: one client on one thread, and which of its errors pass by themselves.

The client is synchronous and not safe across threads, and the embedded engine answers on the thread that
asks. So `ClickHouse` owns a thread, opens the client there and runs every call there.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Any, Self, TypeVar

from clickhouse_connect import get_client
from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import ClickHouseError, DatabaseError

from schemas.errors import UnavailableError

T = TypeVar("T")

# Without a session, a call that comes while another still runs on the server is not refused.
_HTTP: dict[str, Any] = {"autogenerate_session_id": False, "connect_timeout": 5, "send_receive_timeout": 60}

TRANSIENT_CODES = frozenset(
    {
        159,  # TIMEOUT_EXCEEDED
        202,  # TOO_MANY_SIMULTANEOUS_QUERIES
        203,  # NO_FREE_CONNECTION
        209,  # SOCKET_TIMEOUT
        210,  # NETWORK_ERROR
        236,  # ABORTED, as while the server shuts down
        241,  # MEMORY_LIMIT_EXCEEDED
        242,  # TABLE_IS_READ_ONLY, as while Keeper is away
        243,  # NOT_ENOUGH_SPACE
        252,  # TOO_MANY_PARTS: merges must catch up
        279,  # ALL_CONNECTION_TRIES_FAILED
        285,  # TOO_FEW_LIVE_REPLICAS
        319,  # UNKNOWN_STATUS_OF_INSERT: the token makes the next try safe
        394,  # QUERY_WAS_CANCELLED
        425,  # SYSTEM_ERROR
        439,  # CANNOT_SCHEDULE_TASK
        473,  # DEADLOCK_AVOIDED
        999,  # KEEPER_EXCEPTION
    }
)


_NEWER = frozenset({"deduplicate_insert", "deduplicate_insert_select"})


def is_transient(error: Exception) -> bool:
    """Whether the same call can succeed later: the server's code says so, or it did not answer at all."""
    if isinstance(error, OSError):
        return True
    if not isinstance(error, DatabaseError):
        return False
    if error.code is None:
        return type(error).__name__ in {"OperationalError", "DatabaseError", "StreamFailureError"}
    return error.code in TRANSIENT_CODES


def connect(dsn: str, database: str | None = None) -> Client:
    """Open a client; `chdb:///path` opens the engine in this process. The database may not exist yet.

    Raises what the client raises: see `is_transient`.
    """
    client = get_client(dsn=dsn, **({} if dsn.startswith("chdb:") else _HTTP))
    if database is not None:
        client.database = database
    return client


def insert_settings(client: Client, **more: object) -> dict[str, object]:
    """What every insert says, whatever the defaults of the server, and `more`.

    In newer servers the settings of `_NEWER` stand above `insert_deduplicate`, and older ones do not know
    them; what they call a bad query is one whose rows may come in another order next time, and ours do not. A
    block may touch any number of months.
    """
    settings: dict[str, object] = {
        "async_insert": 0,
        "insert_deduplicate": 1,
        "deduplicate_insert": "enable",
        "deduplicate_insert_select": "enable_even_for_bad_queries",
        "deduplicate_blocks_in_dependent_materialized_views": 1,
        "max_partitions_per_insert_block": 0,
    }
    unknown = _NEWER.difference(client.server_settings)
    return {name: value for name, value in settings.items() if name not in unknown} | more


class ClickHouse:
    """A client and the thread that it lives on."""

    def __init__(self, dsn: str, database: str) -> None:
        self._dsn = dsn
        self._database = database
        self._client: Client | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="clickhouse")

    async def run(self, call: Callable[[Client], T]) -> T:
        """Run `call` on the thread.

        Raises `UnavailableError` for what passes by itself; the next call then connects anew. Anything else
        that the client raises is raised as it is.
        """
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._call, call)

    def _call(self, call: Callable[[Client], T]) -> T:
        try:
            if self._client is None:
                self._client = connect(self._dsn, self._database)
            return call(self._client)
        except (ClickHouseError, OSError) as error:
            if not is_transient(error):
                raise
            self._disconnect()
            raise UnavailableError(f"ClickHouse: {error}") from error

    def _disconnect(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            client.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await asyncio.get_running_loop().run_in_executor(self._thread, self._disconnect)
        self._thread.shutdown(wait=False)
