"""The whole pipeline on this machine: backing services and our processes, started and ended in order.

Every part is the process that it is in production. Kafka and ClickHouse are embedded unless the environment
names a server (`KAFKA_BOOTSTRAP_SERVERS`, `CLICKHOUSE_DSN`).
"""

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from readystream.embedded import broker as embedded_broker
from readystream.embedded.broker import EmbeddedBroker
from readystream.embedded.clickhouse import EmbeddedClickHouse
from readystream.embedded.ports import LOOPBACK
from readystream.embedded.service import Service


class Part(Service):
    """One of our own processes: `readystream VERB`, options included, ready when its `/readyz` says so."""

    stop_grace_s = 20.0
    ready_within_s = 60.0

    def __init__(self, verb: str, log_path: Path, port_variable: str, env: Mapping[str, str]) -> None:
        super().__init__(log_path)
        self.name = log_path.stem
        self._verb = verb
        self._env = {**env, port_variable: str(self.port)}

    name: str  # type: ignore[misc]  # one class, several processes

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://{LOOPBACK}:{self.port}"

    def command(self) -> list[str]:
        return [sys.executable, "-m", "readystream", *self._verb.split()]

    def environment(self) -> Mapping[str, str]:
        return self._env

    def answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}/readyz", timeout=2.0, trust_env=False).is_success
        except httpx.HTTPError:
            return False


@dataclass(slots=True)
class Stack:
    """The running pipeline.

    `env` is what each of our processes is told, `bootstrap` and `dsn` are where Kafka and ClickHouse are,
    `broker` is the embedded one if it is.
    """

    data_dir: Path
    env: dict[str, str] = field(default_factory=dict)
    bootstrap: str = ""
    dsn: str = ""
    broker: EmbeddedBroker | None = None
    parts: list[Part] = field(default_factory=list)
    _services: list[Service] = field(default_factory=list)

    @property
    def log_dir(self) -> Path:
        """Where every process writes its log."""
        return self.data_dir / "logs"

    def start_services(self, given: Mapping[str, str]) -> None:
        """Use the servers that the environment `given` names; start embedded ones for the others."""
        self.bootstrap = given.get("KAFKA_BOOTSTRAP_SERVERS", "")
        if not self.bootstrap:
            self.broker = EmbeddedBroker(self.log_dir / "broker.log")
            self.bootstrap = self.broker.bootstrap
            self.env |= embedded_broker.SETTINGS
            self._start(self.broker)
        self.dsn = given.get("CLICKHOUSE_DSN", "")
        if not self.dsn:
            store = EmbeddedClickHouse(self.data_dir / "clickhouse", self.log_dir / "clickhouse.log")
            self.dsn = store.dsn
            self._start(store)
        self.env |= {"KAFKA_BOOTSTRAP_SERVERS": self.bootstrap, "CLICKHOUSE_DSN": self.dsn}

    def _start(self, service: Service) -> None:
        self._services.append(service)
        service.start()
        service.wait_ready()

    def start(self, verb: str, port_variable: str, name: str = "", **env: str) -> Part:
        """Start `readystream VERB`; `port_variable` tells it its port. `wait_ready` of the part waits."""
        part = Part(verb, self.log_dir / f"{name or verb}.log", port_variable, self.env | env)
        self.parts.append(part)
        part.start()
        return part

    def start_worker(self, number: int) -> Part:
        """Start one stream worker."""
        data_dir = str(self.data_dir / f"worker-{number}")
        return self.start("worker", "READYSTREAM_OPS_PORT", f"worker-{number}", READYSTREAM_DATA_DIR=data_dir)

    def ended(self) -> list[Part]:
        """Parts that ended although nobody asked them to."""
        return [part for part in self.parts if part.process.poll() is not None]

    def stop(self) -> None:
        """End our processes, last started first, then the services. Safe to repeat."""
        for stack in (self.parts, self._services):
            while stack:
                stack.pop().close()
