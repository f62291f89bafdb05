"""The person stage: from persona cells to engagement, skill levels and readiness of persons.

Reads: `persona.state`.
Writes: `engagement.windows`, `skills.levels`, `scores.readiness`, `dead.letters`.
Key: person.
State: `persons` (the cells of all personas of a person, each with its version), `progress` (the last day
that was swept, the last offset that was seen).
Guarantee: a person is the sum of the cells of their personas at every moment; what is published is an
upsert whose version grows with the log and with `as_of`, so applying it twice changes nothing. A person
who has no cells left is withdrawn by tombstones.
On failure: a record that cannot be decoded becomes a dead letter and the stream goes on; any other fault
is raised, and the engine stops before acknowledging the chunk.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from schemas import codec
from schemas.errors import CodecError
from schemas.origin import Origin
from schemas.role_profiles import RoleProfiles
from schemas.skill_map import SkillMap
from schemas.topics import DEAD_LETTERS, ENGAGEMENT, PERSONA_STATE, READINESS, SKILLS, Topic
from streams.core import person_cells
from streams.core.dead_letters import dead_letter
from streams.core.person_cells import CellAddress
from streams.core.person_view import Occasion, PersonView, Publisher
from streams.records import Chunk, Effects, Output, Record, State

PERSONS_TABLE, PROGRESS_TABLE = "persons", "progress"
_SWEPT, _POSITION = b"swept", b"position"
_DAY_BITS, _EPOCH_SHIFT = 16, 58


@dataclass(slots=True)
class _Change:
    """What a chunk changes about one person."""

    offset: int = 0
    correlation_id: str = ""
    days: bool = False
    skills: set[str] = field(default_factory=set)
    cells: dict[bytes, bytes | None] = field(default_factory=dict)

    def note(self, address: CellAddress) -> None:
        """Remember which figures the cell at `address` bears on."""
        if address.kind == "d":
            self.days = True
        elif address.kind == "s":
            self.skills.add(address.rest)


class PersonStage:
    """The pure step of the person stage; the engine calls it with one chunk at a time.

    `as_of` tells the last UTC day that figures include, `now_us` stamps dead letters.
    """

    name: str = "person"
    topics: tuple[str, ...] = (PERSONA_STATE.name,)
    tables: tuple[str, ...] = (PERSONS_TABLE, PROGRESS_TABLE)
    writes: tuple[Topic, ...] = (ENGAGEMENT, SKILLS, READINESS, DEAD_LETTERS)

    def __init__(
        self,
        skill_map: SkillMap,
        roles: RoleProfiles,
        *,
        partitions: int,
        epoch: int,
        as_of: Callable[[], int],
        now_us: Callable[[], int],
    ) -> None:
        self._publisher = Publisher(skill_map, roles, partitions)
        self._partitions = partitions
        self._epoch = epoch
        self._as_of = as_of
        self._now_us = now_us

    def process(self, chunk: Chunk, state: State) -> Effects:
        """Apply one chunk of persona cells and publish what it changes."""
        changes: dict[str, _Change] = {}
        outputs: list[Output] = []
        for record in chunk.records:
            try:
                _apply(record, state, changes)
            except (CodecError, ValueError) as error:
                outputs.append(self._refuse(record, chunk, str(error)))
        as_of = self._as_of()
        for person, change in changes.items():
            view = _view(person, state, change.cells)
            occasion = Occasion(as_of, self._version(change.offset, as_of), change.correlation_id)
            outputs += self._publisher.changed(view, occasion, days=change.days, touched=change.skills)
        position = str(chunk.records[-1].offset).encode()
        cells = {key: data for change in changes.values() for key, data in change.cells.items()}
        return Effects(outputs, {PERSONS_TABLE: cells, PROGRESS_TABLE: {_POSITION: position}})

    def sweep(self, partition: int, state: State) -> Effects | None:
        """Evaluate everybody anew when `as_of` has moved since the last sweep."""
        as_of = self._as_of()
        if state.get(PROGRESS_TABLE, _SWEPT) == str(as_of).encode():
            return None
        position = int(state.get(PROGRESS_TABLE, _POSITION) or b"0")
        occasion = Occasion(as_of, self._version(position, as_of), "")
        outputs: list[Output] = []
        for owner in list(state.owners(PERSONS_TABLE)):
            view = _view(owner.decode(), state, {})
            outputs += self._publisher.changed(view, occasion, days=True, touched=view.evidence)
        return Effects(outputs, {PROGRESS_TABLE: {_SWEPT: str(as_of).encode()}})

    def _refuse(self, record: Record, chunk: Chunk, detail: str) -> Output:
        return dead_letter(
            record,
            Origin(chunk.topic, chunk.partition, record.offset, self._epoch),
            reason="undecodable",
            where=self.name,
            detail=detail,
            failed_at_us=self._now_us(),
            partitions=self._partitions,
        )

    def _version(self, offset: int, as_of: int) -> int:
        """Grows with the log and, between records, with `as_of`; from the top bits: epoch, offset, day."""
        return self._epoch << _EPOCH_SHIFT | (offset + 1) << _DAY_BITS | as_of


def _apply(record: Record, state: State, changes: dict[str, _Change]) -> None:
    """Take over one cell, unless what is here already is as new."""
    key = record.key or b""
    address = CellAddress.parse(key)
    change = changes.get(address.person) or _Change()
    known = _row(key, state, change)
    if record.value is None:
        if known is None:
            return
        change.cells[key] = None
    else:
        value = codec.decode(PERSONA_STATE, record.value)
        withdrawal = _row(address.withdrawal_key, state, change)
        if withdrawal and value["link_version"] < person_cells.version_of(withdrawal)[0]:
            return
        if known and (value["link_version"], value["version"]) <= person_cells.version_of(known):
            return
        change.cells[key] = person_cells.dump(value)
        if address.kind == "w":
            _withdraw(address, value["link_version"], state, change)
    _note(change, address, record)
    changes[address.person] = change


def _row(key: bytes, state: State, change: _Change) -> bytes | None:
    return change.cells[key] if key in change.cells else state.get(PERSONS_TABLE, key)


def _withdraw(address: CellAddress, link_version: int, state: State, change: _Change) -> None:
    """Drop the persona's cells that decisions before `link_version` sent to this person."""
    rows: dict[bytes, bytes | None] = dict(state.scan(PERSONS_TABLE, address.person.encode()))
    for key, data in (rows | change.cells).items():
        cell = CellAddress.parse(key)
        if cell.persona != address.persona or cell.kind == "w" or data is None:
            continue
        if person_cells.version_of(data)[0] < link_version:
            change.cells[key] = None
            change.note(cell)


def _note(change: _Change, address: CellAddress, record: Record) -> None:
    change.offset = record.offset
    change.correlation_id = dict(record.headers).get("correlation_id", b"").decode()
    change.note(address)


def _view(person: str, state: State, changed: dict[bytes, bytes | None]) -> PersonView:
    """The person's cells as they stand after the chunk."""
    cells: dict[bytes, bytes | None] = dict(state.scan(PERSONS_TABLE, person.encode()))
    cells |= changed
    present = ((CellAddress.parse(key), data) for key, data in sorted(cells.items()) if data is not None)
    return PersonView.build(person, present)
