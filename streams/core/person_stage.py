"""The person stage: from persona cells to engagement, skill levels and readiness of persons.

Reads: `persona.state`.
Writes: `engagement.windows`, `skills.levels`, `scores.readiness`, `scores.alerts`, `dead.letters`.
Key: person.
State: `persons` (the cells of all personas of a person, each with its version), `alerts` (crossings of a
person and role, and alerts that are not sent yet), `progress` (how far the last sweep got and for what, the
last offset that was seen).
Guarantee: a person is the sum of the cells of their personas at every moment; what is published is an
upsert whose version grows with the log and with sweeps, so applying it twice changes nothing. A person
who has no cells left is withdrawn by tombstones. What is too old to count is left out when figures are made,
and deleted by the sweep.
On failure: a record that cannot be decoded becomes a dead letter and the stream goes on; any other fault
is raised, and the engine stops before acknowledging the chunk.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from schemas import codec
from schemas.errors import CodecError
from schemas.headers import CORRELATION_ID, VERSION
from schemas.origin import Origin
from schemas.role_profiles import RoleProfiles
from schemas.skill_map import Attempt, SkillMap
from schemas.topics import ALERTS, DEAD_LETTERS, ENGAGEMENT, PERSONA_STATE, READINESS, SKILLS, Topic
from streams.core import alerting, person_cells
from streams.core.alerting import ALERTS_TABLE, AlertBook
from streams.core.dead_letters import dead_letter
from streams.core.outputs import output
from streams.core.person_cells import CellAddress
from streams.core.person_view import Occasion, PersonView, Publisher
from streams.core.retention import DEFAULT_RETENTION, Kept, ObserveDeleted, Retention, ignore_deleted
from streams.core.sweeping import Goal, SweepProgress, first
from streams.records import Chunk, Effects, Output, Record, State

PERSONS_TABLE, PROGRESS_TABLE = "persons", "progress"
_SWEEP, _POSITION = b"sweep", b"position"
_REVISION_BITS, _EPOCH_SHIFT = 18, 58
# Persons evaluated in one step of a sweep: some 40 ms, for which statements wait.
_SLICE = 100


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

    `as_of` tells the last UTC day that figures include, `retention` how far back they go; `now_us` stamps
    dead letters. `observe_deleted` is told how many rows of which table were too old.
    """

    name: str = "person"
    topics: tuple[str, ...] = (PERSONA_STATE.name,)
    tables: tuple[str, ...] = (PERSONS_TABLE, ALERTS_TABLE, PROGRESS_TABLE)
    writes: tuple[Topic, ...] = (ENGAGEMENT, SKILLS, READINESS, ALERTS, DEAD_LETTERS)

    def __init__(
        self,
        skill_map: SkillMap,
        roles: RoleProfiles,
        *,
        partitions: int,
        epoch: int,
        as_of: Callable[[], int],
        now_us: Callable[[], int],
        retention: Retention = DEFAULT_RETENTION,
        observe_deleted: ObserveDeleted = ignore_deleted,
    ) -> None:
        self._publisher = Publisher(skill_map, roles, partitions)
        self._attempts: Attempt = skill_map.attempts
        self._partitions = partitions
        self._epoch = epoch
        self._as_of = as_of
        self._now_us = now_us
        self._retention = retention
        self._observe_deleted = observe_deleted

    def process(self, chunk: Chunk, state: State) -> Effects:
        """Apply one chunk of persona cells and publish what it changes."""
        changes: dict[str, _Change] = {}
        outputs: list[Output] = []
        for record in chunk.records:
            try:
                _apply(record, state, changes)
            except (CodecError, ValueError) as error:
                outputs.append(self._refuse(record, chunk, str(error)))
        goal = self._goal()
        revision = self._sweep_progress(state, goal).revision
        alerts = AlertBook(state)
        for person, change in changes.items():
            view = self._view(person, state, change.cells, goal.as_of)
            version = self._version(change.offset, revision)
            occasion = Occasion(goal.as_of, version, change.correlation_id, alerts)
            outputs += self._publisher.changed(view, occasion, days=change.days, touched=change.skills)
        position = str(chunk.records[-1].offset).encode()
        cells = {key: data for change in changes.values() for key, data in change.cells.items()}
        progress: dict[bytes, bytes | None] = {_POSITION: position}
        writes = {PERSONS_TABLE: cells, ALERTS_TABLE: alerts.rows, PROGRESS_TABLE: progress}
        return Effects(outputs, writes, more=alerts.has_raised)

    def sweep(self, partition: int, state: State) -> Effects | None:
        """Send the alerts that are kept, or evaluate more persons if the day or the configuration changed."""
        return self._send_alerts(state) or self._evaluate(state)

    def _send_alerts(self, state: State) -> Effects | None:
        kept = alerting.unsent(state)
        outputs = [self._alert(alert) for alert in kept.values() if alert is not None]
        return Effects(outputs, {ALERTS_TABLE: dict.fromkeys(kept)}) if kept else None

    def _alert(self, alert: bytes) -> Output:
        value = codec.decode(ALERTS, alert)
        return output(
            ALERTS, value["person_id"], alert, self._partitions, value["version"], value["correlation_id"]
        )

    def _evaluate(self, state: State) -> Effects | None:
        """The next slice of the persons that are yet to be evaluated."""
        goal = self._goal()
        progress = self._sweep_progress(state, goal).towards(goal)
        if progress.is_done:
            return None
        after = (progress.after or "").encode()
        persons = state.owners(PERSONS_TABLE, after, _SLICE)
        position = int(state.get(PROGRESS_TABLE, _POSITION) or b"-1")
        alerts = AlertBook(state)
        occasion = Occasion(goal.as_of, self._version(position, progress.revision), "", alerts)
        outputs: list[Output] = []
        shorter: dict[bytes, bytes | None] = {}
        kept = self._retention.kept(goal.as_of)
        for owner in persons:
            view = self._view(owner.decode(), state, {}, goal.as_of)
            outputs += self._publisher.everything(view, occasion, progress.dropped)
            shorter |= _shortened(owner, state, kept)
        self._observe_deleted(PERSONS_TABLE, sum(1 for row in shorter.values() if row is None))
        reached = progress.reached(persons[-1].decode() if len(persons) == _SLICE else None)
        swept: dict[bytes, bytes | None] = {_SWEEP: reached.dump()}
        return Effects(outputs, {PERSONS_TABLE: shorter, ALERTS_TABLE: alerts.rows, PROGRESS_TABLE: swept})

    def _goal(self) -> Goal:
        return self._publisher.goal(self._as_of())

    def _sweep_progress(self, state: State, goal: Goal) -> SweepProgress:
        data = state.get(PROGRESS_TABLE, _SWEEP)
        return first(goal) if data is None else SweepProgress.load(data)

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

    def _view(self, person: str, state: State, changed: dict[bytes, bytes | None], as_of: int) -> PersonView:
        """What counts of the person's cells as they stand after the chunk."""
        cells: dict[bytes, bytes | None] = dict(state.scan(PERSONS_TABLE, person.encode()))
        cells |= changed
        present = ((CellAddress.parse(key), data) for key, data in sorted(cells.items()) if data is not None)
        return PersonView.build(person, present, self._retention.kept(as_of), self._attempts, as_of)

    def _version(self, offset: int, revision: int) -> int:
        """Grows with the log and, between records, with sweeps: epoch, offset, revision from the top down."""
        return self._epoch << _EPOCH_SHIFT | (offset + 2) << _REVISION_BITS | revision


def _apply(record: Record, state: State, changes: dict[str, _Change]) -> None:
    """Take over one cell, unless what is here already is as new."""
    key = record.key or b""
    address = CellAddress.parse(key)
    change = changes.get(address.person) or _Change()
    known = _row(key, state, change)
    if record.value is None:
        if known is None or 0 < _stated_version(record) <= person_cells.version_of(known)[1]:
            return  # read again, after what came later
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


def _stated_version(record: Record) -> int:
    """That of the persona's cell, for a tombstone; 0 for one that is too old to count, whatever it held."""
    return int(dict(record.headers).get(VERSION, b"0"))


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
    change.correlation_id = dict(record.headers).get(CORRELATION_ID, b"").decode()
    change.note(address)


def _shortened(owner: bytes, state: State, kept: Kept) -> dict[bytes, bytes | None]:
    """The person's cells that hold something too old, without it; None for those of which nothing is left."""
    rows = state.scan(PERSONS_TABLE, owner)
    left = ((key, data, person_cells.remaining(CellAddress.parse(key), data, kept)) for key, data in rows)
    return {key: rest for key, data, rest in left if rest is not data}
