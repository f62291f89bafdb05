"""The statement resource: from a request to an acknowledged answer.

Reads: HTTP requests to store statements; credentials.
Writes: `xapi.statements` and `dead.letters`, through the statement log; the data of attachments.
Key: see the statement log.
State: how fast each credential sends; what was accepted lately.
Guarantee: nothing is acknowledged before the disk has the attachments and Kafka the statements. A batch is
taken whole or not at all, except that after a 503 some of it may still arrive, which a resend makes whole. Of
a sender with `accept_good` every statement is taken: the bad ones as dead letters.
On failure: a `Problem` with the status that the specification names; never 500 for what a sender can cause.
"""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from lrs_adapter.access.authentication import Authenticator
from lrs_adapter.access.rate_limit import RateLimits
from lrs_adapter.attachments.store import Attachments
from lrs_adapter.log.memory import Memory, Place
from lrs_adapter.log.record import Record
from lrs_adapter.log.statement_log import NOT_REACHED, StatementLog
from lrs_adapter.statements.batch import Batch, Kept
from lrs_adapter.statements.dead_letters import dead_letter
from lrs_adapter.statements.delivery import Delivery, delivery_of
from lrs_adapter.statements.judgement import read_batch
from lrs_adapter.statements.records import Stamp, records
from lrs_adapter.wire.asked import Asked
from lrs_adapter.wire.body import declared_too_large, read_body
from lrs_adapter.wire.facts import Facts
from lrs_adapter.wire.problems import Problem, conflict
from schemas.metrics import AdapterMetrics
from schemas.spans import OpenSpan, no_span
from schemas.topics import STATEMENTS

_AT_ONCE_BYTES = 131_072
"""Bodies from this size on are judged in a thread, so that other senders need not wait for them."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Largest body in bytes, most statements in a request."""

    body_bytes: int
    statements: int


class Receiver:
    """Takes statements in."""

    def __init__(
        self,
        *,
        authenticator: Authenticator,
        rate_limits: RateLimits,
        attachments: Attachments,
        memory: Memory,
        statement_log: StatementLog,
        limits: Limits,
        tenant_key: bytes,
        metrics: AdapterMetrics,
        clock: Callable[[], int],
        open_span: OpenSpan = no_span,
    ) -> None:
        self._authenticator = authenticator
        self._rate_limits = rate_limits
        self._attachments = attachments
        self._memory = memory
        self._log = statement_log
        self._limits = limits
        self._tenant_key = tenant_key
        self._metrics = metrics
        self._clock = clock
        self._open_span = open_span

    async def receive(self, asked: Asked) -> list[str] | Problem:
        """The ids of the statements, in the order of the request, once all are in the log."""
        facts = asked.facts
        received_at = self._clock()
        delivery = await self._delivery(asked)
        if isinstance(delivery, Problem):
            return delivery
        batch = await self._batch(asked, delivery)
        if isinstance(batch, Problem):
            self._metrics.rejected.labels(facts.credential).inc(len({f.statement for f in batch.faults}))
            return batch
        refused = self._contradiction(batch, delivery) or await self._store(batch, delivery, received_at)
        if refused is not None:
            return refused
        self._count(batch, facts)
        return batch.ids

    def _contradiction(self, batch: Batch, delivery: Delivery) -> Problem | None:
        """Refuse ids that were used before; of senders with `accept_good` the stream sets those aside."""
        used = [
            (index, one.id)
            for index, one in enumerate(batch.entries)
            if isinstance(one, Kept) and self._memory.contradicts(one.id, one.digest)
        ]
        return conflict(used) if used and not delivery.credential.accept_good else None

    def _count(self, batch: Batch, facts: Facts) -> None:
        facts.statements, facts.dead_letters = len(batch.kept), len(batch.bad)
        self._metrics.accepted.labels(facts.credential).inc(facts.statements)
        self._metrics.rejected.labels(facts.credential).inc(facts.dead_letters)

    async def _delivery(self, asked: Asked) -> Delivery | Problem:
        credential = await self._authenticator.authenticate(asked.headers.get("authorization"))
        if isinstance(credential, Problem):
            asked.facts.credential = credential.credential
            return credential
        asked.facts.credential = credential.name
        return delivery_of(asked, credential)

    async def _batch(self, asked: Asked, delivery: Delivery) -> Batch | Problem:
        declared = asked.headers.get("content-length")
        refused = declared_too_large(declared, self._limits.body_bytes) or self._rate_limits.admit(
            delivery.credential
        )
        if refused is not None:
            return refused
        body = await read_body(asked.body, self._limits.body_bytes)
        if isinstance(body, Problem):
            return body
        batch = await self._judged(body, delivery)
        if isinstance(batch, Batch):
            self._rate_limits.pay(delivery.credential, len(batch.entries))
        return batch

    async def _judged(self, body: bytes, delivery: Delivery) -> Batch | Problem:
        if len(body) < _AT_ONCE_BYTES:
            return read_batch(body, delivery, self._limits.statements)
        return await asyncio.to_thread(read_batch, body, delivery, self._limits.statements)

    async def _store(self, batch: Batch, delivery: Delivery, received_at: int) -> Problem | None:
        partitions = self._log.partitions
        if partitions is None:
            return NOT_REACHED
        refused = await self._attachments.keep(batch.sent)
        if refused is not None:
            return refused
        stamp = Stamp(
            source="http",
            credential=delivery.credential.name,
            xapi_version=delivery.version,
            correlation_id=delivery.correlation_id,
            received_at=received_at,
            stored_at=self._clock(),
            tenant_key=self._tenant_key,
            partitions=partitions,
            traceparent=delivery.traceparent,
        )
        own = [list(records(statement, stamp)) for statement in batch.kept]
        letters = [dead_letter(statement, delivery, stamp.stored_at) for statement in batch.bad]
        with self._open_span(f"send {STATEMENTS.name}", "producer", None):
            outcome = await self._log.write([*chain.from_iterable(own), *letters])
        if isinstance(outcome, Problem):
            return outcome
        self._remember(batch.kept, _firsts(outcome.places, own))
        return None

    def _remember(self, kept: Sequence[Kept], homes: Iterable[Place]) -> None:
        """What is acknowledged need not be read back from the log."""
        for statement, home in zip(kept, homes, strict=True):
            self._memory.remember(statement.id, statement.digest, home)
            if statement.voids:
                self._memory.voids(statement.voids)


def _firsts(places: Sequence[Place], own: Iterable[Sequence[Record]]) -> Iterator[Place]:
    """The place of each statement's first record; its others are copies."""
    index = 0
    for of_statement in own:
        yield places[index]
        index += len(of_statement)
