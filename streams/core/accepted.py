"""Accepted statements: telling news from resends, letting them take effect, and voiding them.

The origin of a statement is the identity of its effect: the same id from the same origin is a replay and is
applied idempotently, from another origin a duplicate, with another meaning a conflict.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

import orjson

from schemas import codec
from schemas.equality import content_digest
from schemas.origin import Origin
from schemas.skill_map import SkillMap
from schemas.topics import EVENTS
from schemas.xapi.verb import VOIDED
from streams.core.derive import Derived, derive
from streams.core.effects import apply_effect
from streams.core.events import derived_from, event_record
from streams.core.ledger import LedgerEntry
from streams.core.moments import DAY_US
from streams.core.persona_batch import PersonaBatch
from streams.core.retention import dated, remembered_from
from streams.core.statement import Underivable, read_statement

TOO_OLD = "too_old"
TOO_MUCH = "too_much_evidence"


class Refusal(NamedTuple):
    """Why a statement takes no effect and goes to the dead letters."""

    reason: str
    detail: str


_CONFLICT = Refusal("conflict", "this id was used before for a statement that says something else")
_TOO_OLD = Refusal(
    TOO_OLD, "this id is not known, and the statement is so old that it may have been forgotten"
)
FULL = Refusal(
    TOO_MUCH, "its actor has more evidence for one skill than anybody can have: a probe or a robot?"
)


class Understood(NamedTuple):
    """What an accepted statement counts for, its own timestamp in microseconds since the epoch, UTC, or None,
    and the digest of its meaning."""

    derived: Derived
    said_us: int | None
    digest: bytes


def understand(accepted: Mapping[str, Any], skill_map: SkillMap) -> Understood:
    """Read an accepted statement.

    Raises `Underivable`, whatever goes wrong: it concerns this statement alone. Nothing is changed yet, so it
    can be set aside as a whole.
    """
    try:
        text = accepted["statement"]
        statement = read_statement(text)
        known = (accepted["statement_id"], accepted["stored_at"], accepted["credential"])
        derived = derive(statement, *known, skill_map)
        digest = accepted["digest"] or content_digest(orjson.loads(text))
    except Underivable:
        raise
    except Exception as error:
        raise Underivable("core_fault", f"{type(error).__name__} in the statement") from error
    return Understood(derived, statement.said_us, digest)


def take(
    batch: PersonaBatch, accepted: Mapping[str, Any], origin: Origin, skill_map: SkillMap
) -> str | Refusal:
    """Tell new, replay, duplicate and conflict apart; let the first two take effect."""
    understood = understand(accepted, skill_map)
    entry = batch.entry(accepted["statement_id"])
    if entry is not None and entry.version not in (0, origin.version):
        return "duplicate" if entry.digest == understood.digest else _CONFLICT
    if entry is None and batch.forgotten and dated(understood.said_us) < batch.forgotten:
        return _TOO_OLD
    if entry is None and not batch.has_room_for(accepted["persona_id"], understood.derived.evidence):
        return FULL
    _take_effect(batch, accepted, understood, entry, origin)
    return "replay" if entry is not None and entry.version else "new"


def _take_effect(
    batch: PersonaBatch,
    accepted: Mapping[str, Any],
    understood: Understood,
    entry: LedgerEntry | None,
    origin: Origin,
) -> None:
    """Record the statement in the ledger, publish its event and apply it to the persona's cells.

    A statement whose void came first is recorded and published as voided, and changes no cell. A voiding
    statement changes no cell of its own, for it is no learning, and cannot be voided (xAPI 1.0.3 Part Two
    2.3.2).
    """
    derived, said_us, digest = understood
    voids = derived.verb == VOIDED
    voided = 0 if entry is None or voids else entry.voided
    came_voided = 0 < voided < origin.version
    persona = accepted["persona_id"]
    person = batch.person(persona, derived.event_us // DAY_US)
    event = event_record(accepted, derived, person, origin, voided=came_voided)
    encoded = codec.encode(EVENTS, event)
    day = remembered_from(said_us, accepted["stored_at"])
    batch.record(accepted["statement_id"], LedgerEntry(origin.version, voided, day, digest, encoded))
    batch.publish_event(event, encoded)
    if not (came_voided or voids):
        apply_effect(batch, persona, derived, origin.version, +1, accepted["correlation_id"])


def void(batch: PersonaBatch, accepted: Mapping[str, Any], version: int) -> None:
    """Withdraw what the voided statement counts for, or remember that it is to count for nothing."""
    target, correlation_id = accepted["voids"], accepted["correlation_id"]
    entry = batch.entry(target)
    if entry is None:
        batch.record(target, LedgerEntry.awaited(version, accepted["stored_at"] // DAY_US))
        return
    came_later = entry.version > version
    if entry.version == 0 or came_later or entry.voided not in (0, version):
        return
    event = codec.decode(EVENTS, entry.event)
    derived = derived_from(event)
    if derived.verb == VOIDED:
        return
    batch.record(target, entry.withdrawn(version))
    event |= {"voided": True, "version": version, "correlation_id": correlation_id}
    batch.publish_event(event, codec.encode(EVENTS, event))
    apply_effect(batch, event["persona_id"], derived, version, -1, correlation_id)
