"""The HR webhook: from a signed event to acknowledged links and attributes.

Reads: HTTP requests with an event; the nonces that were spent.
Writes: `identity.links` and `hr.attributes`, through the statement log; nonces.
Key: persona; of attributes the person.
State: the nonces.
Guarantee: an event is answered 200 once Kafka has all that it says, and is applied once: a signature that was
altered, is older than 300 s or was used before is refused.
On failure: 503; the nonce is not spent, so that the sender's next attempt is taken. Should records have
arrived all the same, the attempt repeats them, which changes nothing.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import structlog
from starlette.requests import Request

from lrs_adapter.access.nonces import Held, Nonces
from lrs_adapter.access.webhook_signature import Seal, read_seal, refused
from lrs_adapter.hr.attributes import attributes_record
from lrs_adapter.hr.events import Said, read_event
from lrs_adapter.hr.link_log import link_record
from lrs_adapter.hr.links import Provenance
from lrs_adapter.hr.rows import HomePages
from lrs_adapter.log.statement_log import NOT_REACHED, StatementLog
from lrs_adapter.wire.body import declared_too_large, read_body
from lrs_adapter.wire.facts import Facts, facts_of
from lrs_adapter.wire.problems import Problem, unavailable
from schemas import log_events
from schemas.identity_rules import IdentityRules
from schemas.outcomes import Rejected

SENDER = "hr-webhook"
_LONGEST = 1 << 20
_REPLAYED = Problem(
    409, "webhook-replayed", "The event was taken before.", "Its webhook-id was used. Nothing is left to do."
)
_HELD = unavailable("webhook-held", "The same event is being taken at this moment.", 2.0)
_NO_NONCES = unavailable("webhook-nonces", "The directory of nonces cannot be used. Nothing was kept.", 5.0)

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class HrFeedOptions:
    """What the events have in common with the feed: the tenant's key, the source's name, how to read it."""

    tenant_key: bytes
    source: str
    home_pages: HomePages
    rules: IdentityRules


class HrReceiver:
    """Takes events in. `clock` gives microseconds since the epoch."""

    def __init__(
        self,
        *,
        secrets: Sequence[bytes],
        nonces: Nonces,
        options: HrFeedOptions,
        statement_log: StatementLog,
        clock: Callable[[], int],
    ) -> None:
        self._secrets = secrets
        self._nonces = nonces
        self._options = options
        self._log = statement_log
        self._clock = clock

    async def receive(self, request: Request) -> int | Problem:
        """How many links the event made, once all are in the log."""
        facts = facts_of(request)
        seal = read_seal(request.headers, self._clock() / 1_000_000)
        if isinstance(seal, Problem):
            return seal
        declared = request.headers.get("content-length")
        body = declared_too_large(declared, _LONGEST) or await read_body(request.stream(), _LONGEST)
        if isinstance(body, Problem):
            return body
        if not seal.fits(body, self._secrets):
            return refused("wrong", "The signature does not fit.")
        facts.credential = SENDER
        return await self._once(seal, body, facts)

    async def _once(self, seal: Seal, body: bytes, facts: Facts) -> int | Problem:
        try:
            with self._nonces.claim(seal.id) as nonce:
                if not isinstance(nonce, Held):
                    return _REPLAYED if nonce == "spent" else _HELD
                written = await self._write(body, facts)
                if not isinstance(written, Problem):
                    nonce.spend()
                return written
        except OSError as error:
            log.warning(log_events.ADAPTER_NONCES, error=error.strerror)
            return _NO_NONCES

    async def _write(self, body: bytes, facts: Facts) -> int | Problem:
        options = self._options
        said = Provenance(options.tenant_key, options.source, SENDER, self._clock(), facts.correlation_id)
        event = read_event(body, said, options.home_pages, options.rules)
        if isinstance(event, Rejected):
            return _invalid(event)
        return await self._store(event)

    async def _store(self, event: Said) -> int | Problem:
        partitions = self._log.partitions
        if partitions is None:
            return NOT_REACHED
        links = [link_record(link, partitions) for link in event.links]
        described = [attributes_record(value, partitions) for value in event.attributes]
        outcome = await self._log.write([*links, *described])
        return outcome if isinstance(outcome, Problem) else len(links)


def _invalid(rejected: Rejected) -> Problem:
    """400 with every place and message, and no value: those are personal."""
    told = "; ".join(f"{fault.pointer or 'body'}: {fault.message}" for fault in rejected.faults[:50])
    return Problem(400, "invalid-event", "The event is not valid. Nothing was kept.", told)
