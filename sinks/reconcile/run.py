"""One reconciliation: ClickHouse against the workers' snapshots, against itself and against Kafka.

Reads: the tables of the log and of the results; `reconciliation.snapshots` by way of its table; whole
compacted topics; of the raw log and of the events only what is in question, unless the run is deep.
Writes: `reconciliation_runs`, `reconciliation_days`, `reconciliation_findings`; with `repair` the tables.
Key: partition of `xapi.statements`.
State: staging tables that go when the run ends.
Guarantee: everything is compared at the exact offset of a snapshot, once the sink has written all that was
published before; what arrives meanwhile is neither counted nor touched.
On failure: `UnavailableError` while Kafka or ClickHouse is away or the sink is behind: nothing is judged.
A repair that was interrupted is finished by the next one.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import uuid4

from schemas.topics import DEAD_LETTERS, EVENTS, SNAPSHOTS, STATEMENTS, Topic
from sinks.clickhouse import ClickHouse
from sinks.reconcile import cells, raw_log
from sinks.reconcile.checked import (
    CHECKED_EVENTS,
    CHECKED_SNAPSHOTS,
    CHECKED_STATEMENTS,
    PUBLISHED,
    Checked,
)
from sinks.reconcile.findings import FigureDrift, Finding, Kind
from sinks.reconcile.log import Log
from sinks.reconcile.manifests import Manifest, hole, manifests
from sinks.reconcile.report import Report
from sinks.reconcile.scope import FIRST_DAY, KEPT_DAYS, Scope
from sinks.reconcile.staging import Compared, Keep, Staging, drop_leftovers, staging
from sinks.reconcile.store import store

_AWAITED = (STATEMENTS, EVENTS, SNAPSHOTS, DEAD_LETTERS, *(one.topic for one in PUBLISHED))
_LEFTOVERS_S = 86_400
_DAY_US = 86_400_000_000
_RAW_LOG, _DERIVED, _SNAPSHOTS = "raw_log", "derived", "snapshots"


Also = Callable[[ClickHouse, Report, bool], Awaitable[None]]
"""A further check: adds to the report what it finds, and makes it right if the last argument says so."""


@dataclass(frozen=True, slots=True)
class Options:
    """What to compare: `partitions` of the statements, days and receipts from `since` on (UTC day).

    `today` is the UTC day of the comparison: what ClickHouse may have deleted for its age is not missed.
    `threshold` is the relative drift of a figure that is tolerated, `patience_s` how long to wait for the
    sink, `top` how many findings of a kind are listed. `deep` reads the raw log and
    all events from Kafka as well.
    """

    partitions: Sequence[int]
    today: int
    since: int = FIRST_DAY
    threshold: float = 0.0
    patience_s: float = 60.0
    top: int = 20
    deep: bool = False


class Reconciler:
    """Examines, and repairs while it examines if it is told to."""

    def __init__(self, clickhouse: ClickHouse, log: Log, options: Options, also: Sequence[Also] = ()) -> None:
        self._clickhouse = clickhouse
        self._log = log
        self._options = options
        self._also = also

    async def run(self, *, repair: bool = False) -> Report:
        """Examine everything, and with `repair` make right what is wrong. The report tells what was found."""
        await self._clickhouse.run(lambda client: drop_leftovers(client, _LEFTOVERS_S))
        run = _Run(self._clickhouse, self._log, self._options, repair=repair)
        report = await run.examine()
        for check in self._also:
            await check(self._clickhouse, report, repair)
        report.finished_us = time.time_ns() // 1000
        await self._clickhouse.run(lambda client: store(client, report))
        return report


class _Run:
    def __init__(self, clickhouse: ClickHouse, log: Log, options: Options, *, repair: bool) -> None:
        self._clickhouse = clickhouse
        self._log = log
        self._options = options
        self._repair = repair
        self._kept_since = options.today - KEPT_DAYS
        self._ends: dict[str, Mapping[int, int]] = {}
        self._started_ms = 0
        self._suspects: set[str] = set()
        self._report = Report(uuid4().hex[:16], time.time_ns() // 1000, options.threshold)

    async def examine(self) -> Report:
        """All checks in order: what later ones stand on comes first."""
        asked = [await self._scope(partition) for partition in self._options.partitions]
        scopes = [found for found in asked if found is not None]
        now = await self._clickhouse.run(
            lambda client: client.query("SELECT toUnixTimestamp64Milli(now64(3))").result_rows
        )
        self._started_ms = int(now[0][0])
        ends = await asyncio.gather(*(self._log.ends(topic.name) for topic in _AWAITED))
        self._ends = {topic.name: found for topic, found in zip(_AWAITED, ends, strict=True)}
        await self._log.wait_for_sink(self._ends, self._options.patience_s)
        for scope, snapshots in scopes:
            if await self._snapshots_stand(scope, snapshots):
                self._report.offsets[scope.partition] = scope.offset
                await self._raw_log(scope)
                await self._cells(scope)
        if self._repair and self._suspects:
            await self._mend_events()
        for checked in PUBLISHED:
            await self._whole_topic(checked)
        if self._options.deep:
            received = f"received_at >= toDate32({self._kept_since})"
            for checked in (CHECKED_STATEMENTS, CHECKED_EVENTS):
                await self._whole_topic(checked, received, self._is_kept)
        return self._report

    def _is_kept(self, value: Mapping[str, Any]) -> bool:
        """Whether a statement or an event is so young that ClickHouse cannot have deleted it for its age."""
        return int(value["received_at"]) >= self._kept_since * _DAY_US

    async def _scope(self, partition: int) -> tuple[Scope, list[Manifest]] | None:
        """Up to where the partition can be compared: its newest snapshot; and all of them."""
        found = await self._clickhouse.run(lambda client: manifests(client, self._log.epoch, partition))
        if found:
            newest = found[-1]
            scope = Scope(
                self._log.epoch,
                partition,
                newest.offset,
                self._options.today,
                self._options.since,
                newest.days_since,
                newest.evidence_since,
            )
            return scope, found
        if (await self._log.ends(STATEMENTS.name)).get(partition, 0):
            self._report.skipped[partition] = "no snapshot of it has arrived yet"
        return None

    async def _snapshots_stand(self, scope: Scope, found: list[Manifest]) -> bool:
        """Whether all snapshots are whole; those that are not are first read from Kafka again."""
        missing = hole(found)
        if missing is None:
            self._report.add([FigureDrift(_SNAPSHOTS, 1, 0)])
            return True
        self._report.add([FigureDrift(_SNAPSHOTS, 1, 1)])
        first, last = missing
        self._find(Kind.HOLE, "reconciliation_snapshots", scope.partition, f"offsets {first} to {last}")
        if self._repair:
            await self._topic(CHECKED_SNAPSHOTS, [scope.partition], f"partition = {scope.partition}")
            return await self._clickhouse.run(partial(_hole, scope=scope)) is None
        self._report.skipped[scope.partition] = "its snapshots are not all there"
        return False

    async def _raw_log(self, scope: Scope) -> None:
        found = await self._clickhouse.run(lambda client: raw_log.inspect(client, scope))
        lost = await self._gaps(scope, found.gaps)
        expected = found.rows + lost
        self._report.event_copies += found.event_copies
        self._report.add(
            [
                FigureDrift(_RAW_LOG, expected, lost + found.doubled),
                FigureDrift(_DERIVED, expected, len(found.not_derived) + len(found.twice)),
            ]
        )
        for kind, ids in ((Kind.MISSING, found.not_derived), (Kind.DOUBLED, found.twice)):
            for statement_id in ids[: self._options.top]:
                self._find(kind, "learning_events", scope.partition, statement_id)
        if found.doubled:
            self._find(Kind.DOUBLED, "statements", scope.partition, f"{found.doubled} rows")
        self._suspects |= {*found.not_derived, *found.twice}
        if self._repair:
            await self._fold(found)
            mended = (
                await self._clickhouse.run(lambda client: raw_log.inspect(client, scope)) if lost else found
            )
            self._suspects |= {*mended.not_derived}  # rows that are back tell which events are missing

    async def _gaps(self, scope: Scope, gaps: Sequence[tuple[int, int]]) -> int:
        """How many statements that must still be here are in offsets of which we have no row."""
        begins = await self._log.begins(STATEMENTS, [scope.partition])
        begin = begins[scope.partition]
        stretches = [(max(first, begin), last) for first, last in gaps if last >= begin]
        if not stretches:
            return 0
        async with self._staging(CHECKED_STATEMENTS, "false") as stage:
            async for raw in self._log.read_stretches(STATEMENTS, scope.partition, stretches):
                await stage.add(raw, self._is_kept)
            compared = await self._compare(stage, is_complete=False)
            return compared.total

    async def _fold(self, found: raw_log.RawLog) -> None:
        if found.doubled:
            await self._clickhouse.run(lambda client: raw_log.fold(client, "statements"))
            self._report.repaired["statements"] += found.doubled
        if found.event_copies:
            await self._clickhouse.run(lambda client: raw_log.fold(client, "learning_events"))

    async def _cells(self, scope: Scope) -> None:
        days, drift = await self._clickhouse.run(lambda client: cells.compare_days(client, scope))
        items, evidence = await self._clickhouse.run(lambda client: cells.compare_evidence(client, scope))
        self._report.days[scope.partition] = [*days, *items]
        self._report.add([*drift, evidence])
        if not any(one.difference for one in (*drift, evidence)) and not any(one.wrong for one in days):
            return
        top = self._options.top
        self._report.findings += await self._clickhouse.run(
            lambda client: cells.top_discrepancies(client, scope, top)
        )
        self._suspects |= await self._clickhouse.run(lambda client: cells.wrong_personas(client, scope))

    async def _mend_events(self) -> None:
        """Compare the events of the suspects, personas and statements, with Kafka's, and make them right."""

        def is_suspect(value: Mapping[str, Any]) -> bool:
            return value["persona_id"] in self._suspects or value["statement_id"] in self._suspects

        async with self._staging(CHECKED_EVENTS) as stage:
            await stage.limit(self._suspects, "persona_id", "statement_id")
            is_complete = await self._read(stage, EVENTS, keep=is_suspect)
            await self._compare(stage, is_complete=is_complete)

    async def _whole_topic(self, checked: Checked, where: str = "true", keep: Keep | None = None) -> None:
        compared = await self._topic(checked, sorted(self._ends[checked.topic.name]), where, keep)
        self._report.add([FigureDrift(checked.name, compared.keys, compared.total)])

    async def _topic(
        self, checked: Checked, partitions: Sequence[int], where: str = "true", keep: Keep | None = None
    ) -> Compared:
        async with self._staging(checked, where) as stage:
            is_complete = await self._read(stage, checked.topic, keep=keep, partitions=partitions)
            return await self._compare(stage, is_complete=is_complete)

    async def _read(
        self,
        stage: Staging,
        topic: Topic,
        *,
        keep: Keep | None = None,
        partitions: Sequence[int] | None = None,
    ) -> bool:
        """Read a topic up to where the sink has come; whether Kafka still has it from its very beginning."""
        ends = self._ends[topic.name]
        begins = await self._log.begins(topic, partitions or sorted(ends))
        ranges = {partition: (begin, ends[partition]) for partition, begin in begins.items()}
        async for raw in self._log.read(topic, ranges):
            await stage.add(raw, keep)
        return not any(begins.values())

    async def _compare(self, stage: Staging, *, is_complete: bool) -> Compared:
        await stage.flush()
        compared = await stage.compare(
            is_complete=is_complete, started_ms=self._started_ms, top=self._options.top
        )
        self._report.findings += compared.findings
        if self._repair and compared.total:
            await stage.repair()
            self._report.repaired[stage.table] += compared.total
        return compared

    def _staging(self, checked: Checked, where: str = "true") -> AbstractAsyncContextManager[Staging]:
        return staging(self._clickhouse, checked, self._report.run_id, epoch=self._log.epoch, where=where)

    def _find(self, kind: Kind, table: str, partition: int, key: str) -> None:
        self._report.findings.append(Finding(kind, table, partition, key))


def _hole(client: Any, scope: Scope) -> tuple[int, int] | None:
    found = manifests(client, scope.epoch, scope.partition)
    return hole([one for one in found if one.offset <= scope.offset])
