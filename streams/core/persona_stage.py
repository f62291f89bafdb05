"""The persona stage: from accepted statements and links to learning events and persona cells.

Reads: `xapi.statements`, `identity.links`, both keyed by persona.
Writes: `learning.events`, `persona.state` (to the partition of the person), `identity.audit`,
`reconciliation.snapshots`, `dead.letters`.
Key: persona.
State: `ledger` (statement id → origin, void, digest, event), `links` (persona → assertions), `cells`
(persona and day or skill → cell with the version of the last statement applied; and the version of the last
statement seen), `persona_progress` (the last snapshot, how far the partition is rid of what is too old, by
which edition of the skill map its evidence was derived).
Guarantee: a statement takes effect once, whatever is resent, replayed or voided in whatever order. The
origin of a statement is the identity of its effect: the same id from the same origin is a replay and is
applied idempotently, from another origin a duplicate and dropped, with another meaning a conflict. An id that
is not known, of a statement so old that it may have been forgotten, is refused as too old: it could be a
resend. It would count for nothing, for ids are remembered for as long as anything counts. A run that derives
evidence anew (`streams.core.rederiving`) ends where a first run with the same skill map would.
On failure: a record that cannot be decoded or derived becomes a dead letter and the stream goes on; a
fault in the stage's own bookkeeping is raised, and the engine stops before acknowledging the chunk.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

import orjson

from schemas import codec
from schemas.errors import CodecError
from schemas.headers import traceparent_of
from schemas.origin import Origin
from schemas.skill_map import SkillMap
from schemas.topics import (
    AUDIT,
    DEAD_LETTERS,
    EVENTS,
    LINKS,
    PERSONA_STATE,
    SNAPSHOTS,
    STATEMENTS,
    Topic,
)
from streams.core import identity, links, rederiving
from streams.core.accepted import FULL, TOO_MUCH, TOO_OLD, Refusal, take, understand, void
from streams.core.audit import audit_entries
from streams.core.dead_letters import dead_letter
from streams.core.editions import EDITIONS_KEY, Editions
from streams.core.expiry import EXPIRY_KEY, Expiry, next_slice
from streams.core.limits import DeadLetterLimit
from streams.core.persona_batch import CELLS_TABLE, LEDGER_TABLE, LINKS_TABLE, PersonaBatch
from streams.core.retention import (
    DEFAULT_RETENTION,
    ObserveDeleted,
    Retention,
    ignore_deleted,
)
from streams.core.snapshots import POSITION, Place, position, snapshot
from streams.core.statement import Underivable
from streams.records import Chunk, Effects, Record, State

PERSONA_PROGRESS_TABLE = "persona_progress"
_SNAPSHOT = b"snapshot"
_VOIDS = frozenset({"new", "replay", "copy", TOO_OLD})
DERIVED = frozenset({"new", "replay", "duplicate", "conflict", "rederived", TOO_OLD, TOO_MUCH})
NOT_DERIVED = frozenset({"copy", "link", "mark", "passed_over", "other_edition"})
"""Outcomes that do not tell whether this release can read statements: the limit passes over them."""

Observe = Callable[[Mapping[str, int]], None]


class PersonaStage:
    """The pure step of the persona stage; the engine calls it with one chunk at a time.

    `observe` is told how many records of a chunk had which outcome: new, replay, duplicate, conflict,
    copy, link, or the reason of a dead letter; `observe_deleted` how many rows of which table were too old;
    `observe_editions` whether evidence in a partition may be from other editions than `skill_map`.
    `now_us` stamps dead letters; beyond `limit` of them the stage raises `TooManyDeadLetters`, and the engine
    stops. A snapshot is due every `snapshot_every_s` seconds, and what `retention` does not keep goes when
    `as_of`, the last UTC day that figures include, is another than before.
    """

    name: str = "persona"
    topics: tuple[str, ...] = (STATEMENTS.name, LINKS.name)
    tables: tuple[str, ...] = (LEDGER_TABLE, LINKS_TABLE, CELLS_TABLE, PERSONA_PROGRESS_TABLE)
    writes: tuple[Topic, ...] = (EVENTS, PERSONA_STATE, AUDIT, SNAPSHOTS, DEAD_LETTERS)

    def __init__(
        self,
        skill_map: SkillMap,
        *,
        partitions: int,
        epoch: int,
        as_of: Callable[[], int],
        observe: Observe,
        now_us: Callable[[], int],
        retention: Retention = DEFAULT_RETENTION,
        observe_deleted: ObserveDeleted = ignore_deleted,
        observe_editions: Callable[[int, bool], None] = lambda _partition, _is_mixed: None,
        limit: DeadLetterLimit | None = None,
        snapshot_every_s: float = 3600.0,
    ) -> None:
        self._skill_map = skill_map
        self._partitions = partitions
        self._epoch = epoch
        self._as_of = as_of
        self._observe = observe
        self._observe_deleted = observe_deleted
        self._observe_editions = observe_editions
        self._retention = retention
        self._now_us = now_us
        self._limit = limit or DeadLetterLimit()
        self._snapshot_every_us = int(snapshot_every_s * 1_000_000)

    def process(self, chunk: Chunk, state: State) -> Effects:
        """Apply one chunk of statements or of links."""
        expiry = Expiry.load(state.get(PERSONA_PROGRESS_TABLE, EXPIRY_KEY))
        editions = self._editions(state).used(self._skill_map.edition)
        attempts = self._skill_map.attempts
        batch = PersonaBatch(state, self._partitions, expiry.kept, expiry.forgotten, editions, attempts)
        step = _apply_link if chunk.topic == LINKS.name else self._apply_statement
        outcomes: Counter[str] = Counter()
        for record in chunk.records:
            origin = Origin(chunk.topic, chunk.partition, record.offset, self._epoch)
            batch.traceparent = traceparent_of(record.headers)
            try:
                outcome = step(batch, record, origin)
            except CodecError as error:
                outcome = self._refuse(batch, record, origin, "undecodable", str(error))
            except Underivable as error:
                outcome = self._refuse(batch, record, origin, error.reason_code, error.detail)
            outcomes[outcome] += 1
            if outcome not in NOT_DERIVED:
                self._limit.saw(refused=outcome not in DERIVED)
        self._observe(outcomes)
        effects = batch.effects()
        if chunk.topic == STATEMENTS.name:
            last = Origin(chunk.topic, chunk.partition, chunk.records[-1].offset, self._epoch)
            reached = max(last.version, position(state))
            effects.writes[CELLS_TABLE][POSITION] = b"%d" % reached  # last: whoever has it has the cells too
            effects.writes[PERSONA_PROGRESS_TABLE] = self._told(batch.editions, chunk.partition, state)
        return effects

    def _told(self, editions: Editions, partition: int, state: State) -> dict[bytes, bytes | None]:
        """The row of `editions` if it is news."""
        self._observe_editions(partition, editions.settled != self._skill_map.edition)
        dumped = editions.dump()
        return {} if dumped == state.get(PERSONA_PROGRESS_TABLE, EDITIONS_KEY) else {EDITIONS_KEY: dumped}

    def _editions(self, state: State) -> Editions:
        data = state.get(PERSONA_PROGRESS_TABLE, EDITIONS_KEY)
        return Editions.load(data, self._skill_map.edition)

    def sweep(self, partition: int, state: State) -> Effects | None:
        """Delete what is too old, slice by slice, then take a snapshot when one is due."""
        self._observe_editions(partition, self._editions(state).settled != self._skill_map.edition)
        return self._expire(state) or self._snapshot(partition, state)

    def _expire(self, state: State) -> Effects | None:
        expiry = Expiry.load(state.get(PERSONA_PROGRESS_TABLE, EXPIRY_KEY))
        found = next_slice(expiry, state, self._as_of(), self._retention, self._partitions)
        if found is None:
            return None
        if found.rows:
            self._observe_deleted(expiry.table, found.deleted)
        progress: dict[bytes, bytes | None] = {EXPIRY_KEY: found.reached.dump()}
        rows = {expiry.table: {**found.rows}} if expiry.table else {}
        return Effects(found.outputs, {PERSONA_PROGRESS_TABLE: progress, **rows})

    def _snapshot(self, partition: int, state: State) -> Effects | None:
        """A snapshot, when one is due and a statement has come since the last."""
        reached = position(state)
        taken, taken_us = orjson.loads(state.get(PERSONA_PROGRESS_TABLE, _SNAPSHOT) or b"[0,0]")
        now_us = self._now_us()
        if reached <= taken or now_us - taken_us < self._snapshot_every_us:
            return None
        kept = Expiry.load(state.get(PERSONA_PROGRESS_TABLE, EXPIRY_KEY)).kept
        place = Place(partition, self._epoch, taken, reached)
        outputs = snapshot(state, place, kept)
        if outputs is None:
            return None
        done = orjson.dumps([reached, now_us])
        return Effects(outputs, {PERSONA_PROGRESS_TABLE: {_SNAPSHOT: done}})

    def _refuse(self, batch: PersonaBatch, record: Record, origin: Origin, reason: str, detail: str) -> str:
        letter = dead_letter(
            record,
            origin,
            reason=reason,
            where=self.name,
            detail=detail,
            failed_at_us=self._now_us(),
            partitions=self._partitions,
            credential=_sender(record),
        )
        batch.outputs.append(letter)
        return reason

    def _apply_statement(self, batch: PersonaBatch, record: Record, origin: Origin) -> str:
        accepted = codec.decode(STATEMENTS, record.value or b"")
        if accepted["edition"]:
            return self._rederive(batch, accepted, record, origin)
        outcome = "copy" if accepted["copy"] else self._take(batch, accepted, record, origin)
        if accepted["voids"] and outcome in _VOIDS:
            void(batch, accepted, origin.version)
        return outcome

    def _take(self, batch: PersonaBatch, accepted: Mapping[str, Any], record: Record, origin: Origin) -> str:
        outcome = take(batch, accepted, origin, self._skill_map)
        return self._refuse(batch, record, origin, *outcome) if isinstance(outcome, Refusal) else outcome

    def _rederive(
        self, batch: PersonaBatch, accepted: Mapping[str, Any], record: Record, origin: Origin
    ) -> str:
        """Read one record of a run that derives evidence anew."""
        edition = self._skill_map.edition
        batch.editions = batch.editions.heard(accepted, edition)
        entry = batch.entry(accepted["statement_id"])
        outcome = rederiving.asks_for(accepted, entry, edition, self._epoch)
        if outcome == "rederived" and entry is not None:
            derived = understand(accepted, self._skill_map).derived
            if not batch.has_room_for(accepted["persona_id"], derived.evidence):
                return self._refuse(batch, record, origin, *FULL)
            rederiving.replace_evidence(batch, accepted, entry, derived, origin)
        return outcome


def _sender(record: Record) -> str:
    """The credential that delivered a refused record, if it tells."""
    try:
        return str(codec.decode(STATEMENTS, record.value or b"")["credential"])
    except CodecError:
        return ""


def _apply_link(batch: PersonaBatch, record: Record, origin: Origin) -> str:
    value = codec.decode(LINKS, record.value or b"")
    persona = value["persona_id"]
    claim = links.from_record(value, origin.version)
    known = batch.assertions(persona)
    folded = identity.fold(known, claim)
    for entry in audit_entries(persona, known, folded, claim, value["correlation_id"]):
        batch.publish_audit(entry)
    batch.relink(persona, folded, value["correlation_id"])
    return "link"
