"""Reconciliation with an LRS: which statements are here and not there, or there and not here.

Reads: the LRS, page after page; the raw log in ClickHouse.
Writes: to `xapi.statements` what is missing here, when told to repair; to the LRS what is missing there, only
when told that as well: it may have been erased on purpose.
Key: statement id.
State: a table of ids that goes when the check ends.
Guarantee: what the LRS stored within its overlap and poll time before the run is not judged: it may be on its
way. Voided statements are not missed there, for an LRS does not list them. Statements that a pull has refused
are not missed here, for they are dead letters.
On failure: an LRS that does not answer is an `UnavailableError`; nothing is judged then.
"""

import os
import time
from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass

import orjson

from lrs_adapter.bulk.judge import Judged, judge
from lrs_adapter.bulk.records import Arrival, statement_records
from lrs_adapter.bulk.writer import log_writer
from lrs_adapter.pull.lrs_client import LrsClient, Page
from lrs_adapter.pull.sources import Source
from schemas import trace_context
from schemas.errors import UnavailableError
from schemas.settings import PullSettings
from schemas.xapi import parse_timestamp
from sinks.clickhouse import ClickHouse
from sinks.reconcile.findings import FigureDrift, Finding, Kind
from sinks.reconcile.lrs_ids import lrs_ids
from sinks.reconcile.report import Report

_SECOND_US = 1_000_000
_TOP = 20
_BATCH = 50
_NO_PARTITION = -1


@dataclass(frozen=True, slots=True)
class LrsCheck:
    """A further check of a reconciliation: `source` against the raw log, stored from `since_us` on."""

    source: Source
    secret: str
    settings: PullSettings
    since_us: int = 0
    give_back: bool = False

    async def __call__(self, store: ClickHouse, report: Report, repair: bool) -> None:
        """Compare, and with `repair` fetch what is missing here."""
        grace_us = round((self.source.overlap_s + self.source.poll_s) * _SECOND_US)
        until = report.started_us - grace_us
        async with lrs_ids(store, report.run_id) as ids:
            async for page in self._pages():
                await ids.add([_identity(raw) for raw in page])
            here = await ids.missing_here(self.source.name, until)
            there = await ids.missing_there(self.source.name, self.since_us, until)
            self._report(report, await ids.count(), here, there)
        if repair and here:
            report.repaired[f"{self._place} to us"] += await self._fetch(frozenset(here))
        if self.give_back and there:
            report.repaired[f"us to {self._place}"] += await self._give_back(list(there.values()))

    @property
    def _place(self) -> str:
        return f"lrs:{self.source.name}"

    def _report(self, report: Report, known: int, here: Collection[str], there: Collection[str]) -> None:
        report.add([FigureDrift(self._place, known + len(there), len(here) + len(there))])
        for table, ids in (("statements", here), (self._place, there)):
            report.findings += [
                Finding(Kind.MISSING, table, _NO_PARTITION, one) for one in sorted(ids)[:_TOP]
            ]

    async def _pages(self) -> AsyncIterator[tuple[bytes, ...]]:
        async with self._client() as client:
            page = await client.since(self.since_us)
            while isinstance(page, Page):
                yield page.statements
                if page.more is None:
                    return
                page = await client.more(page.more)
        raise UnavailableError(f"{self._place}: {page.detail}")

    async def _fetch(self, wanted: frozenset[str]) -> int:
        """Read the LRS once more and write what is wanted to the log, as a pull does."""
        settings = self.settings
        written = 0
        async with log_writer(
            settings.kafka_bootstrap_servers, idempotent=settings.producer_idempotence
        ) as writer:
            arrival = Arrival(
                "pull",
                self.source.name,
                f"reconcile-{self.source.name}",
                settings.tenant_key_bytes,
                writer.partitions,
                time.time_ns() // 1000,
                trace_context.made(os.urandom(24)),
            )
            async for page in self._pages():
                for raw in page:
                    judged = judge(raw) if _identity(raw)[0] in wanted else None
                    if isinstance(judged, Judged):
                        await writer.write(statement_records(judged, arrival))
                        written += 1
        return written

    async def _give_back(self, statements: list[bytes]) -> int:
        async with self._client() as client:
            for start in range(0, len(statements), _BATCH):
                trouble = await client.store(statements[start : start + _BATCH])
                if trouble is not None:
                    raise UnavailableError(f"{self._place} takes nothing back: {trouble.detail}")
        return len(statements)

    def _client(self) -> LrsClient:
        settings = self.settings
        return LrsClient(
            self.source.model_copy(update={"attachments": False}),
            self.secret,
            timeout_s=settings.pull_timeout_s,
            page_bytes=settings.pull_page_bytes,
        )


def _identity(raw: bytes) -> tuple[str, int]:
    """(id in lower case, stored time) of a statement; 0 for a stored time that is none."""
    statement = orjson.loads(raw)
    try:
        return str(statement["id"]).lower(), parse_timestamp(statement["stored"])
    except (KeyError, ValueError, TypeError):
        return str(statement.get("id", "")).lower(), 0
