"""ClickHouse's HTTP interface, as far as its Python client uses it, over the engine in this process.

Loopback only and without authentication. Left out: sessions, external tables, compressed responses.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import ThreadingHTTPServer

from readystream.embedded.engine import Engine
from readystream.embedded.http_handler import Handler
from readystream.embedded.ports import LOOPBACK
from schemas.errors import ConfigError


class Server(ThreadingHTTPServer):
    """Serves `engine` on the loopback `port`, a thread for each connection.

    Raises `ConfigError` if the port is taken.
    """

    daemon_threads = True  # idle connections must not hold up the end: `drain` waits for work alone
    block_on_close = False
    request_queue_size = 128

    def __init__(self, engine: Engine, port: int) -> None:
        self.engine = engine
        self.stopping = False
        self._serving = 0
        self._changed = threading.Condition()
        try:
            super().__init__((LOOPBACK, port), Handler)
        except OSError as error:
            raise ConfigError(f"port {port}", [f"cannot listen on it: {error.strerror}"]) from None

    @contextmanager
    def request_in_hand(self) -> Iterator[None]:
        """Around each request, so that `drain` knows of it."""
        self._count(1)
        try:
            yield
        finally:
            self._count(-1)

    def drain(self, timeout_s: float) -> bool:
        """Take no new requests and wait for those in hand; whether they ended in time."""
        self.stopping = True
        self.shutdown()
        with self._changed:
            return self._changed.wait_for(lambda: self._serving == 0, timeout_s)

    def _count(self, change: int) -> None:
        with self._changed:
            self._serving += change
            self._changed.notify_all()
