"""Links that people make and withdraw by hand.

Reads: `identity.links`, before.
Writes: `identity.links`: one record of the rule `human`, which outranks every other.
Key: persona.
State: none.
Guarantee: when the outcome is there, the record is acknowledged. What stands already is not written again.
On failure: `UnavailableError`; repeating the command is harmless.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import uuid4

import structlog

from lrs_adapter.hr.link_log import Link, publish_links
from lrs_adapter.hr.links import Provenance
from readystream.identifiers import Kind, Named
from readystream.identity_log import read_identity_log
from schemas import log_events
from schemas.errors import ConfigError
from schemas.settings import IdentitySettings
from streams.core.identity import Assertion, fold, person_on
from streams.core.links import from_record, version

SOURCE = "operator"
_RULE = "human"
_log = structlog.get_logger()
_Assertions = tuple[Assertion, ...]


@dataclass(frozen=True, slots=True)
class Because:
    """Who decided, as a pseudonymous user id or a role, and why. Both are kept in the log as they are."""

    actor: str
    reason: str


@dataclass(frozen=True, slots=True)
class Decided:
    """The outcome: whom the persona belonged to on this day, and whom it belongs to once workers know.

    Not `written` is what stands already.
    """

    persona_id: str
    person_id: str
    action: str
    before: str
    after: str
    written: bool


async def link(
    settings: IdentitySettings, persona: Named, person: Named, because: Because, start: int, end: int | None
) -> Decided:
    """Link `persona` to `person`, or to whom that belongs to, on the days `[start, end)` since 1970-01-01.

    Raises `ConfigError` where that is the persona itself.
    """

    def record(said: Provenance, target: str) -> Link:
        return said.link(
            persona.id, target, _RULE, confidence=1.0, start=start, end=end, reason=because.reason
        )

    return await _decide(settings, persona, person, because, record)


async def unlink(
    settings: IdentitySettings, persona: Named, person: Named | None, because: Because
) -> Decided:
    """Withdraw, for all days and also what comes late, that `persona` is `person`; without one, whose it is.

    Raises `ConfigError` where the persona is linked to nobody.
    """

    def record(said: Provenance, target: str) -> Link:
        ended = said.link(persona.id, target, _RULE, confidence=1.0, start=0, end=None, reason=because.reason)
        return ended | {"action": "unlink"}

    return await _decide(settings, persona, person or persona, because, record)


async def _decide(
    settings: IdentitySettings,
    persona: Named,
    person: Named,
    because: Because,
    record: Callable[[Provenance, str], Link],
) -> Decided:
    if persona.kind is Kind.PERSON:
        raise ConfigError("the command line", ["an employee is a person: name an identifier to link"])
    log = await read_identity_log(settings.kafka_bootstrap_servers)
    today = (datetime.now(UTC).date() - date(1970, 1, 1)).days
    target = _target(person, log.assertions.get(person.id, ()), today)
    if target == persona.id:
        raise ConfigError("the command line", ["the identifier is linked to nobody but itself"])
    now_us, correlation_id = time.time_ns() // 1000, str(uuid4())
    said = Provenance(settings.tenant_key_bytes, SOURCE, because.actor, now_us, correlation_id)
    decision, before = record(said, target), log.assertions.get(persona.id, ())
    after = fold(before, from_record(decision, version(before) + 1))
    is_news = _said(before) != _said(after)
    if is_news:
        await _publish(settings, decision)
    return Decided(
        persona.id,
        target,
        decision["action"],
        before=person_on(before, persona.id, today),
        after=person_on(after, persona.id, today),
        written=is_news,
    )


def _target(person: Named, said: _Assertions, today: int) -> str:
    """The person; of a persona the one whom it belongs to."""
    return person.id if person.kind is Kind.PERSON else person_on(said, person.id, today)


def _said(assertions: _Assertions) -> set[tuple[object, ...]]:
    """What assertions say, apart from when."""
    return {
        (one.person_id, one.action, one.rule, one.source, one.valid_from, one.valid_to) for one in assertions
    }


async def _publish(settings: IdentitySettings, decision: Link) -> None:
    await publish_links(
        settings.kafka_bootstrap_servers,
        [decision],
        partitions=settings.partitions,
        idempotent=settings.producer_idempotence,
    )
    _log.info(
        log_events.IDENTITY_DECIDED,
        action=decision["action"],
        persona_id=decision["persona_id"],
        person_id=decision["person_id"],
        actor=decision["actor"],
        correlation_id=decision["correlation_id"],
    )
