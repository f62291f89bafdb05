"""What one chunk changes in the persona stage: every touched cell is read once and written once.

The batch reads through to the partition's state and keeps what it touched. At the end each touched cell is
written, and sent to everybody whom the change may concern, also where nothing seems to have changed: a
process that was killed may have sent more than its tables tell.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from schemas import codec
from schemas.skill_map import Attempt
from schemas.topics import AUDIT, EVENTS, PERSONA_STATE, Topic
from streams.core import identity, links, skills
from streams.core.cells import Cell, SkillCell, VersionedDay, day_key, load_cell, parse_key, skill_key
from streams.core.editions import Editions
from streams.core.events import evidence_record
from streams.core.evidence import Evidence
from streams.core.identity import Assertion
from streams.core.ledger import LedgerEntry
from streams.core.outputs import output
from streams.core.retention import Kept
from streams.records import Effects, Output, State

LEDGER_TABLE, LINKS_TABLE, CELLS_TABLE = "ledger", "links", "cells"
BITMAP_BYTES = 36
_BRANCH = {"d": "readystream.DayCell", "s": "readystream.SkillCell", "w": "readystream.Withdrawal"}


@dataclass(slots=True)
class _Touched:
    """A cell under change, the persons to tell, and the delivery that caused the last change."""

    cell: Cell
    recipients: set[str] = field(default_factory=set)
    correlation_id: str = ""


@dataclass(slots=True)
class PersonaBatch:
    """The changes of one chunk of one partition.

    Days and evidence count as far as `kept` says; ids of statements with timestamps before UTC day
    `forgotten` may be gone from the ledger. `traceparent` is that of the record at hand: events carry it on.
    """

    state: State
    partitions: int
    kept: Kept
    forgotten: int
    editions: Editions
    attempts: Attempt
    outputs: list[Output] = field(default_factory=list)
    traceparent: bytes = b""
    _ledger: dict[str, LedgerEntry] = field(default_factory=dict)
    _links: dict[str, tuple[Assertion, ...]] = field(default_factory=dict)
    _cells: dict[bytes, _Touched] = field(default_factory=dict)
    _changed_ledger: set[str] = field(default_factory=set)
    _changed_links: set[str] = field(default_factory=set)
    _skill_keys: dict[str, set[bytes]] = field(default_factory=dict)

    # ── reading ──

    def entry(self, statement_id: str) -> LedgerEntry | None:
        """The ledger's entry of a statement id."""
        if (known := self._ledger.get(statement_id)) is not None:
            return known
        data = self.state.get(LEDGER_TABLE, statement_id.encode())
        if data is None:
            return None
        entry = self._ledger[statement_id] = LedgerEntry.load(data)
        return entry

    def assertions(self, persona: str) -> tuple[Assertion, ...]:
        """Everything that stands of what was said about whom the persona belongs to."""
        known = self._links.get(persona)
        if known is None:
            known = self._links[persona] = links.load(self.state.get(LINKS_TABLE, persona.encode()))
        return known

    def person(self, persona: str, day: int) -> str:
        """Whom the persona belongs to on that UTC day; nobody for an actor that identifies nobody."""
        return identity.person_on(self.assertions(persona), persona, day) if persona else ""

    def evidence_of(self, persona: str, statement_id: str) -> dict[str, list[Evidence]]:
        """The items that a statement has in the cells of its persona, by skill."""
        keys = self._skill_keys.get(persona)
        if keys is None:
            stored = (key for key, _ in self.state.scan(CELLS_TABLE, persona.encode()))
            owned = {*stored, *(key for key in self._cells if key.startswith(persona.encode()))}
            keys = self._skill_keys[persona] = {key for key in owned if parse_key(key)[1] == "s"}
        cells = (cast("SkillCell", self._touch(key).cell) for key in sorted(keys))
        found = ((cell.skill, cell.items_of(statement_id)) for cell in cells)
        return {skill: items for skill, items in found if items}

    def has_room_for(self, persona: str, evidence: Sequence[Evidence]) -> bool:
        """Whether the cells of the persona can hold these items."""
        if not evidence:
            return True
        by_skill: defaultdict[str, list[Evidence]] = defaultdict(list)
        for item in evidence if persona else ():
            by_skill[item.skill].append(item)
        cells = ((self._touch(skill_key(persona, skill)).cell, items) for skill, items in by_skill.items())
        return all(cast("SkillCell", cell).has_room_for(items) for cell, items in cells)

    # ── changing ──

    def record(self, statement_id: str, entry: LedgerEntry) -> None:
        """Write the ledger's entry of a statement id."""
        self._ledger[statement_id] = entry
        self._changed_ledger.add(statement_id)

    def day_cell(self, persona: str, day: int, version: int, correlation_id: str) -> VersionedDay | None:
        """The persona's cell of that day, to be changed; None if it has seen `version` already."""
        touched = self._touch(day_key(persona, day))
        person = self.person(persona, day)
        return cast("VersionedDay | None", _advance(touched, version, {person}, correlation_id))

    def skill_cell(
        self, persona: str, skill: str, days: Iterable[int], version: int, correlation_id: str
    ) -> SkillCell | None:
        """The persona's cell of that skill, to be changed by evidence of these UTC `days`; None likewise."""
        key = skill_key(persona, skill)
        touched = self._touch(key)
        if persona in self._skill_keys:
            self._skill_keys[persona].add(key)
        recipients = {self.person(persona, day) for day in days}
        return cast("SkillCell | None", _advance(touched, version, recipients, correlation_id))

    def _touch(self, key: bytes) -> _Touched:
        touched = self._cells.get(key)
        if touched is None:
            touched = self._cells[key] = _Touched(load_cell(key, self.state.get(CELLS_TABLE, key)))
        return touched

    def relink(self, persona: str, assertions: tuple[Assertion, ...], correlation_id: str) -> None:
        """Replace what is known about whom the persona belongs to; its cells move with it.

        Whoever loses a day loses every cell that older decisions sent; whoever owns one now is sent every
        cell anew, the empty ones as tombstones.
        """
        before = self.assertions(persona)
        if assertions == before:
            return
        self._links[persona] = assertions
        self._changed_links.add(persona)
        owners = links.owners(before, assertions, persona)
        for person in sorted({old for old, new in owners if old != new}):
            self._publish_cell(person, persona, "w", "", self._withdrawal(persona), correlation_id)
        for key, _ in list(self.state.scan(CELLS_TABLE, persona.encode())):
            touched = self._touch(key)
            touched.recipients |= {new for _, new in owners}
            touched.correlation_id = correlation_id

    def _withdrawal(self, persona: str) -> dict[str, int]:
        return {"lost_by": links.version(self.assertions(persona))}

    # ── publishing ──

    def publish_event(self, event: Mapping[str, Any], encoded: bytes) -> None:
        """Publish a learning event, to the person it belongs to now."""
        key = event["person_id"] or event["statement_id"]
        version, correlation_id = event["version"], event["correlation_id"]
        self.outputs.append(
            output(EVENTS, key, encoded, self.partitions, version, correlation_id, self.traceparent)
        )

    def publish_audit(self, entry: Mapping[str, Any]) -> None:
        """Publish what a link decision did."""
        encoded = codec.encode(AUDIT, entry)
        self._publish(AUDIT, entry["persona_id"], encoded, entry["version"], entry["correlation_id"])

    def effects(self) -> Effects:
        """Everything that this chunk changes: records to send and table rows to write."""
        for key, touched in self._cells.items():
            persona, kind, rest = parse_key(key)
            routed = self._routed(persona, touched.cell) if touched.recipients else {}
            for person in sorted(touched.recipients):
                content = routed.get(person)
                correlation_id = touched.correlation_id
                self._publish_cell(person, persona, kind, rest, content, correlation_id, touched.cell.version)
        return Effects(outputs=self.outputs, writes=self._writes())

    def _writes(self) -> dict[str, dict[bytes, bytes | None]]:
        ledger: dict[bytes, bytes | None] = {
            key.encode(): self._ledger[key].dump() for key in self._changed_ledger
        }
        linked: dict[bytes, bytes | None] = {
            key.encode(): links.dump(self._links[key]) for key in self._changed_links
        }
        cells: dict[bytes, bytes | None] = {
            key: touched.cell.dump() for key, touched in self._cells.items() if touched.recipients
        }
        return {LEDGER_TABLE: ledger, LINKS_TABLE: linked, CELLS_TABLE: cells}

    def _routed(self, persona: str, cell: Cell) -> dict[str, Any]:
        """The cell's content by the person each part of it belongs to; what is empty belongs to nobody."""
        if isinstance(cell, VersionedDay):
            return {} if cell.content.is_empty else {self.person(persona, cell.day): _day_content(cell)}
        by_person: dict[str, list[Evidence]] = {}
        for item in cell.items.values():
            by_person.setdefault(self.person(persona, item.day), []).append(item)
        return {
            person: _skill_content(cell.skill, skills.contenders(items, self.attempts))
            for person, items in by_person.items()
        }

    def _publish_cell(
        self,
        person: str,
        persona: str,
        kind: str,
        rest: str,
        content: Any,
        correlation_id: str,
        version: int = 0,
    ) -> None:
        """Send one cell to one person; without content, a tombstone."""
        link_version = links.version(self.assertions(persona))
        value = None
        if content is not None:
            record = {
                "person_id": person,
                "persona_id": persona,
                "cell": (_BRANCH[kind], content),
                "link_version": link_version,
                "version": version,
                "correlation_id": correlation_id,
            }
            value = codec.encode(PERSONA_STATE, record)
        self._publish(PERSONA_STATE, f"{person}|{persona}|{kind}|{rest}", value, version, correlation_id)

    def _publish(
        self, topic: Topic, key: str, value: bytes | None, version: int, correlation_id: str
    ) -> None:
        self.outputs.append(output(topic, key, value, self.partitions, version, correlation_id))


def _advance(touched: _Touched, version: int, recipients: set[str], correlation_id: str) -> Cell | None:
    """Move the cell on to `version`: this is what makes a replay harmless."""
    if touched.cell.version >= version:
        return None
    touched.cell.version = version
    touched.recipients |= recipients
    touched.correlation_id = correlation_id
    return touched.cell


def _day_content(cell: VersionedDay) -> dict[str, Any]:
    content = cell.content
    return {
        "day": cell.day,
        "slots": content.bitmap.to_bytes(BITMAP_BYTES, "little"),
        "statements": content.statements,
        "completions": content.completions,
        "passes": content.passes,
        "fails": content.fails,
        "sessions": content.sessions,
        "time_source": content.time_source,
    }


def _skill_content(skill: str, items: Iterable[Evidence]) -> dict[str, Any]:
    return {"skill": skill, "items": [evidence_record(item) for item in items]}
