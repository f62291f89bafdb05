"""The embedded ClickHouse: its engine in one process, served to the others over HTTP on loopback.

An ordinary `clickhouse_connect.get_client(dsn=...)` talks to it as to a server. For development,
demonstration and tests: no users, no replication. Rows that it acknowledged survive `kill -9`.

    python -m readystream.embedded.clickhouse --data-dir DIR --port 8123
"""

import argparse
import os
import signal
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import clickhouse_connect
from clickhouse_connect.driver.exceptions import ClickHouseError

from readystream.embedded.owner import own
from readystream.embedded.ports import LOOPBACK
from readystream.embedded.service import Service, missing
from schemas.errors import ConfigError

DEFAULT_MEMORY_BYTES = 2 << 30
_DRAIN_S = 30.0
_STOP_SIGNALS = {signal.SIGTERM, signal.SIGINT}


class EmbeddedClickHouse(Service):
    """A process that owns and serves `data_dir`; `dsn` is its address."""

    name = "the embedded ClickHouse"
    stop_grace_s = _DRAIN_S + 5.0

    def __init__(self, data_dir: Path, log_path: Path, memory_bytes: int = DEFAULT_MEMORY_BYTES) -> None:
        super().__init__(log_path)
        self.data_dir = data_dir
        self.memory_bytes = memory_bytes

    @property
    def dsn(self) -> str:
        """Address for ClickHouse clients, without a database."""
        return f"http://default@{LOOPBACK}:{self.port}"

    def command(self) -> list[str]:
        where = ["--data-dir", str(self.data_dir), "--port", str(self.port)]
        return [sys.executable, "-m", __name__, *where, "--memory-bytes", str(self.memory_bytes)]

    def answers(self) -> bool:
        try:
            with clickhouse_connect.get_client(dsn=self.dsn, connect_timeout=2) as client:
                return bool(client.command("SELECT 1") == 1)
        except ClickHouseError:
            return False


def serve(data_dir: Path, port: int, memory_bytes: int = DEFAULT_MEMORY_BYTES) -> None:
    """Own `data_dir` and serve it on the loopback `port` until SIGTERM or SIGINT.

    Then requests in hand are answered. `memory_bytes` caps what the engine allocates. Call it in the main
    thread of a process of its own. Raises `ConfigError` if the directory has an owner, the port is taken or
    the engine is not installed.
    """
    os.environ["TZ"] = "UTC"  # the engine's time zone is the process's
    time.tzset()
    signal.pthread_sigmask(signal.SIG_BLOCK, _STOP_SIGNALS)  # before any thread starts: for `sigwait` alone
    try:
        from readystream.embedded.engine import Engine  # noqa: PLC0415 - optional, and heavy
        from readystream.embedded.http_server import Server  # noqa: PLC0415
    except ImportError:
        raise missing("chdb") from None
    with (
        own(data_dir, f"ClickHouse at http://{LOOPBACK}:{port}"),
        Server(Engine(data_dir, memory_bytes), port) as server,
    ):
        threading.Thread(target=server.serve_forever, name="http", daemon=True).start()
        signal.sigwait(_STOP_SIGNALS)
        server.drain(_DRAIN_S)
        server.engine.close()


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line; returns the exit code."""
    parser = argparse.ArgumentParser(prog="readystream.embedded.clickhouse", description=serve.__doc__)
    parser.add_argument("--data-dir", type=Path, required=True)
    parser.add_argument("--port", type=int, default=8123)
    parser.add_argument("--memory-bytes", type=int, default=DEFAULT_MEMORY_BYTES)
    options = parser.parse_args(arguments)
    try:
        serve(options.data_dir, options.port, options.memory_bytes)
    except ConfigError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
