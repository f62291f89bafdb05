"""`readystream dev`: the whole pipeline on this machine, fed by a simulated LRS, checked at the end."""

import asyncio
import json
import os
import secrets
import shutil
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from clickhouse_connect.driver.client import Client
from rich.console import Console

from lrs_adapter.secret_hash import hash_secret
from readystream.databases import migrate_database
from readystream.dev import figures
from readystream.dev.lrs import ForwardResult, forward
from readystream.dev.probe import Probe, connect
from readystream.dev.progress import FlowDisplay, flow_display
from readystream.dev.stack import Stack
from readystream.dev.summary import Summary
from readystream.dev.truth import differences
from readystream.dev.workload import Workload, from_files, generated
from readystream.embedded.owner import own
from readystream.identity import import_feed
from readystream.topics import create_topics
from schemas.errors import UnavailableError
from schemas.settings import ClickHouseSettings, IdentitySettings, SinkSettings, WorkerSettings
from schemas.topics import CATALOGUE

_PARTITIONS = 4
_POLL_S = 0.5
_DRAIN_TIMEOUT_S = 300.0
_DEMO_TENANT_KEY = "development-tenant-key"


@dataclass(frozen=True, slots=True)
class DevOptions:
    """The options of `readystream dev`."""

    statements: tuple[Path, ...]
    people: Path | None
    learners: int
    days: int
    seed: int
    shuffle: int | None
    rate: float | None
    workers: int
    as_of: date | None
    data_dir: Path
    exit_after: bool
    summary: Path | None


def run(options: DevOptions) -> int:
    """Run until done, or until Ctrl-C; returns the exit code. Leaves no process behind."""
    console = Console(stderr=False)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    stack = Stack(options.data_dir)
    with own(options.data_dir, f"readystream dev, process {os.getpid()}"):
        try:
            return asyncio.run(_Run(options, stack, console).run())
        except KeyboardInterrupt:
            console.print("stopping")
            return 0
        finally:
            stack.stop()


class _Run:
    """One run, in the order in which its methods stand."""

    def __init__(self, options: DevOptions, stack: Stack, console: Console) -> None:
        self._options = options
        self._stack = stack
        self._console = console
        self._secret = secrets.token_urlsafe(24)
        self._adapter_url = self._page_url = ""

    async def run(self) -> int:
        workload = self._workload()
        await self._start(workload.as_of)
        summary = await self._forward(workload)
        summary.show(self._console)
        if self._options.summary:
            text = json.dumps(summary.as_json(), indent=2)
            self._options.summary.write_text(f"{text}\n", encoding="utf-8")
        if not self._options.exit_after:
            await self._serve()
        return 1 if summary.problems else 0

    def _workload(self) -> Workload:
        options = self._options
        if options.statements:
            return from_files(options.statements, options.people, options.shuffle, options.as_of)
        as_of = options.as_of or datetime.now(UTC).date()
        return generated(options.learners, options.days, options.seed, as_of)

    async def _start(self, as_of: date) -> None:
        """Services, topics, tables, then our processes, each ready before statements flow."""
        stack, say = self._stack, self._console.print
        given = os.environ
        if "KAFKA_BOOTSTRAP_SERVERS" not in given:  # a broker in memory has nothing to back older rows
            shutil.rmtree(stack.data_dir / "clickhouse", ignore_errors=True)
        shutil.rmtree(stack.log_dir, ignore_errors=True)
        stack.start_services(given)
        say(f"[bold]Kafka[/bold] at {stack.bootstrap}, [bold]ClickHouse[/bold] {_shown(stack.dsn)}")
        stack.env |= self._environment(as_of)
        await create_topics(stack.bootstrap, CATALOGUE, _PARTITIONS, 1)
        await asyncio.to_thread(migrate_database, stack.dsn, self._database)
        adapter = stack.start("adapter", "READYSTREAM_ADAPTER_PORT")
        page = stack.start("page", "READYSTREAM_PAGE_PORT")
        stack.start("sink", "READYSTREAM_OPS_PORT")
        for number in range(self._options.workers):
            stack.start_worker(number + 1)
        for part in stack.parts:
            await asyncio.to_thread(part.wait_ready)
        self._adapter_url, self._page_url = adapter.url, page.url
        say(f"[bold]Adapter[/bold] at {self._adapter_url}/xapi, logs in {stack.log_dir}")
        say(f"[bold]Dashboards[/bold] live at {self._page_url}")

    @property
    def _database(self) -> str:
        return str(ClickHouseSettings.model_fields["clickhouse_database"].default)

    def _environment(self, as_of: date) -> dict[str, str]:
        """What our processes are told: short time-outs, one demo credential with a secret of this run."""
        credentials = self._stack.data_dir / "credentials.json"
        entry = {
            "name": "demo",
            "key": "demo",
            "secret": hash_secret(self._secret),
            "scopes": ["all"],
            "mode": "lenient",
        }
        credentials.write_text(json.dumps({"credentials": [entry]}, indent=2), encoding="utf-8")
        return {
            "READYSTREAM_TENANT_KEY": os.environ.get("READYSTREAM_TENANT_KEY", _DEMO_TENANT_KEY),
            "READYSTREAM_CREDENTIALS_FILE": str(credentials),
            "READYSTREAM_PARTITIONS": str(_PARTITIONS),
            "READYSTREAM_AS_OF": as_of.isoformat(),
            "READYSTREAM_SESSION_TIMEOUT_S": "6",
            "READYSTREAM_HEARTBEAT_S": "1",
            "READYSTREAM_REBALANCE_TIMEOUT_S": "6",
        }

    async def _forward(self, workload: Workload) -> Summary:
        client = connect(self._stack.dsn, self._database)
        groups = (_default(WorkerSettings, "app_id"), _default(SinkSettings, "sink_group_id"))
        probe = Probe(self._stack.bootstrap, client, _PARTITIONS, groups)
        await probe.start()
        started = time.monotonic()
        try:
            with flow_display(self._console, workload.statements) as display:
                watch = asyncio.create_task(self._watch(probe, display))
                result = await self._send(workload, display.sent)
                await self._drain(probe)
                watch.cancel()
                display.reached(await probe.position())
            seconds = time.monotonic() - started
            return await asyncio.to_thread(self._summarise, client, workload, result, seconds)
        finally:
            await probe.stop()

    async def _watch(self, probe: Probe, display: FlowDisplay) -> None:
        while True:
            display.reached(await probe.position())
            self._require_alive()
            await asyncio.sleep(_POLL_S)

    async def _send(self, workload: Workload, on_progress: Callable[[int, int], None]) -> ForwardResult:
        """Forward; the HR feed comes in between, so that statements arrive before their links."""
        result = ForwardResult()
        for deliveries in (workload.before_feed, workload.after_feed):
            await forward(
                deliveries,
                f"{self._adapter_url}/xapi/statements",
                key="demo",
                secret=self._secret,
                rate=self._options.rate,
                result=result,
                on_progress=on_progress,
            )
            if deliveries is workload.before_feed and workload.people_csv:
                await self._import(workload.people_csv)
        return result

    async def _import(self, people_csv: str) -> None:
        feed = self._stack.data_dir / "people.csv"
        feed.write_text(people_csv, encoding="utf-8")
        settings = IdentitySettings(
            kafka_bootstrap_servers=self._stack.bootstrap,
            tenant_key=self._stack.env["READYSTREAM_TENANT_KEY"],
            partitions=_PARTITIONS,
            producer_idempotence=self._stack.broker is None,
        )
        await import_feed(settings, feed)

    async def _drain(self, probe: Probe) -> None:
        deadline = time.monotonic() + _DRAIN_TIMEOUT_S
        while not await probe.is_drained():
            self._require_alive()
            if time.monotonic() > deadline:
                raise UnavailableError(f"the pipeline did not settle within {_DRAIN_TIMEOUT_S:g} s")
            await asyncio.sleep(_POLL_S)

    def _require_alive(self) -> None:
        for part in self._stack.ended():
            code = part.process.returncode
            raise UnavailableError(f"{part.name} ended with code {code}; see {part.log_path}")

    def _summarise(
        self, client: Client, workload: Workload, result: ForwardResult, seconds: float
    ) -> Summary:
        as_of = (workload.as_of - date(1970, 1, 1)).days
        problems = figures.disagreements(client, result.accepted_ids, as_of)
        if workload.truth is not None:
            arrival = datetime.now(UTC).date()
            key = self._stack.env["READYSTREAM_TENANT_KEY"].encode()
            problems += differences(client, workload.truth, result, key, arrival)
        return Summary(
            forwarded=result.forwarded,
            accepted=len(result.accepted_ids),
            rejected=result.rejected,
            retries=result.retries,
            held=figures.held(client),
            problems=problems,
            seconds=seconds,
        )

    async def _serve(self) -> None:
        self._console.print(f"Dashboards at {self._page_url} — Ctrl-C stops everything.")
        while True:
            self._require_alive()
            await asyncio.sleep(_POLL_S)


def _default(settings: type[WorkerSettings] | type[SinkSettings], field: str) -> str:
    return str(settings.model_fields[field].default)


def _shown(dsn: str) -> str:
    """The address without its password."""
    return f"at {dsn.rpartition('@')[2].removeprefix('http://')}"
