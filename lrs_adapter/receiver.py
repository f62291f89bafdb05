"""The statement resource: from a request to an acknowledged answer.

Reads: HTTP requests to store statements; credentials.
Writes: `xapi.statements`, through the statement log.
Key: see the statement log.
State: none of its own.
Guarantee: nothing is acknowledged before Kafka has it; a batch is taken whole or not at all, except that
after a 503 some of it may still arrive, which a resend makes whole.
On failure: a `Problem` with the status that the specification names; never 500 for what a sender can cause.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain

from starlette.requests import Request

from lrs_adapter.authentication import Authenticator
from lrs_adapter.batch import Kept, read_batch
from lrs_adapter.body import declared_too_large, read_body
from lrs_adapter.delivery import Delivery, Method, delivery_of
from lrs_adapter.facts import facts_of
from lrs_adapter.problems import Problem
from lrs_adapter.records import Stamp, records
from lrs_adapter.statement_log import NOT_REACHED, StatementLog
from schemas.metrics import AdapterMetrics

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
        statement_log: StatementLog,
        limits: Limits,
        tenant_key: bytes,
        metrics: AdapterMetrics,
        clock: Callable[[], int],
    ) -> None:
        self._authenticator = authenticator
        self._log = statement_log
        self._limits = limits
        self._tenant_key = tenant_key
        self._metrics = metrics
        self._clock = clock

    async def receive(self, request: Request, method: Method) -> list[str] | Problem:
        """The ids of the statements, in the order of the request, once all are in the log."""
        facts = facts_of(request)
        received_at = self._clock()
        delivery = await self._delivery(request, method)
        if isinstance(delivery, Problem):
            return delivery
        facts.credential = delivery.credential.name
        batch = await self._batch(request, delivery)
        if isinstance(batch, Problem):
            self._metrics.rejected.labels(facts.credential).inc(len({f.statement for f in batch.faults}))
            return batch
        refused = await self._store(batch, delivery, received_at)
        if refused is not None:
            return refused
        facts.statements = len(batch)
        self._metrics.accepted.labels(facts.credential).inc(len(batch))
        return [statement.id for statement in batch]

    async def _delivery(self, request: Request, method: Method) -> Delivery | Problem:
        credential = await self._authenticator.authenticate(request.headers.get("authorization"))
        if isinstance(credential, Problem):
            return credential
        correlation_id = facts_of(request).correlation_id
        return delivery_of(method, request.headers, request.query_params, credential, correlation_id)

    async def _batch(self, request: Request, delivery: Delivery) -> tuple[Kept, ...] | Problem:
        refused = declared_too_large(request.headers.get("content-length"), self._limits.body_bytes)
        if refused is not None:
            return refused
        body = await read_body(request.stream(), self._limits.body_bytes)
        if isinstance(body, Problem):
            return body
        if len(body) < _AT_ONCE_BYTES:
            return read_batch(body, delivery, self._limits.statements)
        return await asyncio.to_thread(read_batch, body, delivery, self._limits.statements)

    async def _store(self, batch: Sequence[Kept], delivery: Delivery, received_at: int) -> Problem | None:
        partitions = self._log.partitions
        if partitions is None:
            return NOT_REACHED
        stamp = Stamp(received_at, self._clock(), self._tenant_key, partitions)
        made = chain.from_iterable(records(statement, delivery, stamp) for statement in batch)
        outcome = await self._log.write(list(made))
        return outcome if isinstance(outcome, Problem) else None
