"""One round of a source: page after page into the log, the checkpoint behind them.

Reads: the LRS.
Writes: `xapi.statements`, `dead.letters` for what is not valid, `pull.checkpoints`; the data of attachments.
Key: see the writer; of a checkpoint the source.
State: the cursor and what of the overlap is known; a restart reads the overlap again.
Guarantee: the checkpoint never passes a statement that Kafka has not acknowledged, nor what the LRS calls
consistent. Data of attachments is on the disk before the statements that describe it are in the log.
On failure: the round ends with a `Trouble`; the next one begins at the cursor.
"""

import asyncio
import os
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from hashlib import sha256
from uuid import uuid4

from lrs_adapter.attachments.store import Attachments
from lrs_adapter.bulk.judge import Judged, judge
from lrs_adapter.bulk.records import Arrival, dead_letter, statement_records
from lrs_adapter.bulk.texts import MAX_ROW_BYTES
from lrs_adapter.bulk.writer import LogWriter
from lrs_adapter.pull.checkpoints import checkpoint
from lrs_adapter.pull.lrs_client import LrsClient, Page, Trouble
from lrs_adapter.pull.progress import Progress, Seen
from schemas import trace_context
from schemas.metrics import PullMetrics
from schemas.outcomes import Fault, Rejected
from schemas.xapi import parse_timestamp

_TOO_LONG = Rejected((Fault("", f"longer than {MAX_ROW_BYTES} bytes"),))


@dataclass(frozen=True, slots=True)
class _Found:
    """A statement of a page: its position from 1, its bytes, the judgement."""

    position: int
    raw: bytes
    finding: Judged | Rejected
    seen: Seen


class Rounds:
    """The rounds of one source."""

    def __init__(
        self,
        name: str,
        *,
        client: LrsClient,
        writer: LogWriter,
        attachments: Attachments,
        progress: Progress,
        tenant_key: bytes,
        metrics: PullMetrics,
        now_us: Callable[[], int] = lambda: time.time_ns() // 1000,
    ) -> None:
        self._name = name
        self._client = client
        self._writer = writer
        self._attachments = attachments
        self._progress = progress
        self._tenant_key = tenant_key
        self._metrics = metrics
        self._now_us = now_us

    async def run(self) -> Trouble | None:
        """Read everything that is there; None when it is done. Raises `UnavailableError` if Kafka is away."""
        correlation_id = f"pull-{uuid4().hex[:16]}"
        traceparent = trace_context.made(os.urandom(24))
        self._progress.begin(self._now_us())
        page = await self._client.since(self._progress.since_us)
        visited: set[str] = set()
        while isinstance(page, Page):
            refused = await self._attachments.keep(page.sent)
            if refused is not None:
                return Trouble("attachments", refused.detail, refused.retry_after_s)
            await self._take(page, correlation_id, traceparent)
            if page.more is None:
                return None
            if page.more in visited:
                return Trouble("malformed", "the pages go round in a circle")
            visited.add(page.more)
            page = await self._client.more(page.more)
        return page

    async def _take(self, page: Page, correlation_id: str, traceparent: str) -> None:
        arrival = Arrival(
            "pull",
            self._name,
            correlation_id,
            self._tenant_key,
            self._writer.partitions,
            self._now_us(),
            traceparent,
        )
        found = await asyncio.to_thread(_judge, page.statements)
        new = [one for one in found if self._progress.is_new(one.seen.id)]
        for one in new:
            await self._write(one, arrival)
        await self._writer.flush()
        self._count(new)
        seen = (one.seen for one in found)
        if self._progress.passed(seen, page.consistent_through, last=page.more is None):
            await self._checkpoint(arrival)

    async def _write(self, one: _Found, arrival: Arrival) -> None:
        if isinstance(one.finding, Judged):
            await self._writer.write(statement_records(one.finding, arrival))
        else:
            letter = dead_letter(
                one.finding, place=self._name, row=one.position, raw=one.raw, arrival=arrival
            )
            await self._writer.write((letter,))

    async def _checkpoint(self, arrival: Arrival) -> None:
        cursor = self._progress.cursor_us
        record = checkpoint(
            self._name,
            cursor,
            partitions=arrival.partitions,
            now_us=arrival.now_us,
            correlation_id=arrival.correlation_id,
        )
        await self._writer.write((record,))
        await self._writer.flush()
        self._metrics.stored_through.labels(self._name).set(cursor / 1_000_000)

    def _count(self, new: Iterable[_Found]) -> None:
        for one in new:
            counter = self._metrics.statements if isinstance(one.finding, Judged) else self._metrics.rejected
            counter.labels(self._name).inc()


def _judge(statements: Iterable[bytes]) -> list[_Found]:
    return [_found(position, raw) for position, raw in enumerate(statements, start=1)]


def _found(position: int, raw: bytes) -> _Found:
    finding = judge(raw) if len(raw) <= MAX_ROW_BYTES else _TOO_LONG
    if isinstance(finding, Rejected):
        return _Found(position, raw, finding, Seen(sha256(raw).hexdigest(), None))
    stored = finding.kept.value.get("stored")
    seen = Seen(finding.kept.id.lower(), parse_timestamp(stored) if stored else None)
    return _Found(position, raw, finding, seen)
