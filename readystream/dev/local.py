"""The whole pipeline on this machine as one object: start it, send to it, wait until it is quiet, stop it."""

import asyncio
import json
import os
import secrets
import shlex
import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path

from clickhouse_connect.driver.client import Client

from lrs_adapter.access.secret_hash import hash_secret
from lrs_adapter.hr.rows import HomePages
from readystream.databases import migrate_database
from readystream.dev.generator import Delivery
from readystream.dev.lrs import ForwardResult, forward
from readystream.dev.probe import Probe, connect
from readystream.dev.stack import Part, Stack
from readystream.identity import ImportOptions, day_of, import_feed
from readystream.topics import create_topics, end_offsets
from schemas.errors import ConfigError, UnavailableError
from schemas.settings import ClickHouseSettings, IdentitySettings, SinkSettings, WorkerSettings
from schemas.topics import CATALOGUE, STATEMENTS

_CREDENTIAL = "demo"
_TENANT_KEY = "development-tenant-key"
_LEAST_PARTITIONS = 2  # each one costs inserts, and this machine does all of them
_POLL_S = 0.2
_DRAIN_TIMEOUT_S = 300.0
# Whoever tries things out should not wait for an hour until reconciliation has something to compare with.
_SOON = {"READYSTREAM_SNAPSHOT_EVERY_S": "5", "READYSTREAM_SWEEP_INTERVAL_S": "2"}


def _nobody_watches(_forwarded: int, _accepted: int) -> None:
    """Progress is of no interest."""


class LocalPipeline:
    """Adapter, workers, sink and page as processes of their own, with the backing services they need.

    `given` is the environment: servers that it names are used, others are embedded. Figures include days up
    to `as_of`; `workers` stream workers run. `adapter` and `page` are there once started.
    """

    adapter: Part
    page: Part

    def __init__(
        self, data_dir: Path, as_of: date, workers: int, given: Mapping[str, str] = os.environ
    ) -> None:
        ours = {name: value for name, value in given.items() if name.startswith("READYSTREAM_")}
        self.stack = Stack(data_dir, _SOON | ours)
        self.tenant_key = given.get("READYSTREAM_TENANT_KEY", _TENANT_KEY)
        self._given = given
        self._workers = workers
        self._partitions = int(given.get("READYSTREAM_PARTITIONS", max(_LEAST_PARTITIONS, workers)))
        self._as_of = as_of
        self._secret = secrets.token_urlsafe(24)
        self._database = given.get("CLICKHOUSE_DATABASE", _default(ClickHouseSettings, "clickhouse_database"))

    async def start(self) -> None:
        """Services, topics, tables, then our processes; returns when all of them do their work.

        Raises `ConfigError` when the given Kafka already holds statements: what is sent here is invented.
        """
        stack = self.stack
        stack.data_dir.mkdir(parents=True, exist_ok=True)
        if not self._given.get("KAFKA_BOOTSTRAP_SERVERS"):
            # a broker in memory begins anew, so what an earlier run left in the embedded ClickHouse is stale
            shutil.rmtree(stack.data_dir / "clickhouse", ignore_errors=True)
        shutil.rmtree(stack.log_dir, ignore_errors=True)
        stack.start_services(self._given)
        await create_topics(stack.bootstrap, CATALOGUE, self._partitions, 1)
        await self._require_empty()
        await asyncio.to_thread(migrate_database, stack.dsn, self._database)
        stack.env |= self._environment()
        self.adapter = stack.start("adapter", "READYSTREAM_ADAPTER_PORT")
        self.page = stack.start("page", "READYSTREAM_PAGE_PORT")
        stack.start("sink", "READYSTREAM_OPS_PORT")
        for number in range(self._workers):
            stack.start_worker(number + 1)
        for part in stack.parts:
            await asyncio.to_thread(part.wait_ready)

    async def _require_empty(self) -> None:
        ends = await end_offsets(self.stack.bootstrap, STATEMENTS.name)
        if sum(ends.values()):
            where = f"the Kafka at {self.stack.bootstrap}"
            raise ConfigError(where, [f"{STATEMENTS.name} has records: this command wants topics of its own"])

    def _environment(self) -> dict[str, str]:
        """What our processes are told: short time-outs, and one credential with a secret of this run."""
        credentials = self.stack.data_dir / "credentials.json"
        entry = {
            "name": _CREDENTIAL,
            "key": _CREDENTIAL,
            "secret": hash_secret(self._secret),
            "scopes": ["all"],
            "mode": "lenient",
        }
        credentials.write_text(json.dumps({"credentials": [entry]}, indent=2), encoding="utf-8")
        return {
            "READYSTREAM_TENANT_KEY": self.tenant_key,
            "CLICKHOUSE_DATABASE": self._database,
            "READYSTREAM_CREDENTIALS_FILE": str(credentials),
            "READYSTREAM_ATTACHMENTS_DIR": str(self.stack.data_dir / "attachments"),
            "READYSTREAM_PARTITIONS": str(self._partitions),
            "READYSTREAM_AS_OF": self._as_of.isoformat(),
            "READYSTREAM_SESSION_TIMEOUT_S": "6",
            "READYSTREAM_HEARTBEAT_S": "1",
            "READYSTREAM_REBALANCE_TIMEOUT_S": "6",
        }

    @property
    def endpoint(self) -> str:
        """Where statements go."""
        return f"{self.adapter.url}/xapi/statements"

    @property
    def credential(self) -> str:
        """`key:secret` of this run, for whoever wants to send something too."""
        return f"{_CREDENTIAL}:{self._secret}"

    @property
    def shell_file(self) -> Path:
        """What another terminal reads to talk to this pipeline: `. FILE`. It holds this run's secret."""
        return self.stack.data_dir / "env"

    def write_shell_file(self) -> None:
        """Write where everything is, as our processes are told it, and what a sender needs."""
        told = self.stack.env | {
            "STATEMENTS_URL": self.endpoint,
            "XAPI_CREDENTIAL": self.credential,
            "DASHBOARDS": self.page.url,
        }
        self.shell_file.touch(mode=0o600)
        lines = [f"export {name}={shlex.quote(value)}\n" for name, value in sorted(told.items())]
        self.shell_file.write_text("".join(lines), encoding="utf-8")

    async def send(
        self,
        deliveries: Sequence[Delivery],
        result: ForwardResult,
        rate: float | None = None,
        on_progress: Callable[[int, int], None] = _nobody_watches,
    ) -> None:
        """Forward deliveries as an LRS does, adding to `result`; returns when each was answered."""
        await forward(
            deliveries,
            self.endpoint,
            key=_CREDENTIAL,
            secret=self._secret,
            rate=rate,
            result=result,
            on_progress=on_progress,
        )

    async def import_people(self, people_csv: str) -> None:
        """Import an HR feed, as `readystream identity import` does."""
        feed = self.stack.data_dir / "people.csv"
        await asyncio.to_thread(feed.write_text, people_csv, encoding="utf-8")
        settings = IdentitySettings.model_validate(
            {
                "kafka_bootstrap_servers": self.stack.bootstrap,
                "tenant_key": self.tenant_key,
                "partitions": self._partitions,
                "producer_idempotence": self.stack.env.get("READYSTREAM_PRODUCER_IDEMPOTENCE", "true"),
            }
        )
        await import_feed(settings, feed, ImportOptions(HomePages(), day=day_of("today")))

    async def reconcile(self, every_s: float) -> None:
        """Compare figures, log and snapshots now and every so many seconds, in a process of its own."""
        verb = f"reconcile --every {every_s / 3600:f}"
        part = self.stack.start(verb, "READYSTREAM_OPS_PORT", "reconcile")
        await asyncio.to_thread(part.wait_ready)

    def client(self) -> Client:
        """A ClickHouse client on the pipeline's database."""
        return connect(self.stack.dsn, self._database)

    def probe(self) -> Probe:
        """A look at how far things have come."""
        groups = (_default(WorkerSettings, "app_id"), _default(SinkSettings, "sink_group_id"))
        return Probe(self.stack.bootstrap, self.client(), self._partitions, groups)

    async def drain(self, probe: Probe) -> None:
        """Return once all that was accepted has arrived everywhere. `UnavailableError` if it does not."""
        deadline = time.monotonic() + _DRAIN_TIMEOUT_S
        while not await probe.is_drained():
            self.require_alive()
            if time.monotonic() > deadline:
                raise UnavailableError(f"the pipeline did not settle within {_DRAIN_TIMEOUT_S:g} s")
            await asyncio.sleep(_POLL_S)

    def require_alive(self) -> None:
        """Raise `UnavailableError` if one of our processes ended although nobody asked it to."""
        for part in self.stack.ended():
            code = part.process.returncode
            raise UnavailableError(f"{part.name} ended with code {code}; see {part.log_path}")

    def stop(self) -> None:
        """End every process that was started, and forget where they were. Safe to repeat."""
        self.stack.stop()
        self.shell_file.unlink(missing_ok=True)


def _default(settings: type[ClickHouseSettings | WorkerSettings | SinkSettings], field: str) -> str:
    return str(settings.model_fields[field].default)
