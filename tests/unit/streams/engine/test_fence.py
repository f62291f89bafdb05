"""Whose rows count: whatever reaches a log late, its readers find what an owner was acknowledged."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from streams.engine.fence import HEADER, Fence
from streams.engine.rows import PartitionRows

Changes = Mapping[bytes, bytes | None]


@dataclass
class Logged:
    """A record of a changelog."""

    key: bytes
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...]


class Log:
    """A changelog partition."""

    def __init__(self) -> None:
        self.records: list[Logged] = []

    def append(self, changes: Changes, stamp: bytes | None) -> int:
        headers = () if stamp is None else ((HEADER, stamp),)
        self.records += [Logged(key, value, headers) for key, value in changes.items()]
        return len(self.records)

    def read(self, rows: PartitionRows) -> PartitionRows:
        rows.apply(rows.fence.admit(self.records[rows.next_offset :]), len(self.records))
        return rows


@dataclass
class Worker:
    """What one life of a worker knows of the partition, and which of its requests waits for an answer."""

    rows: PartitionRows = field(default_factory=PartitionRows)
    waits_for: Changes | None = None


@dataclass
class Request:
    """Records on their way to the log."""

    sender: Worker
    changes: Changes
    stamp: bytes


class LateRequests(RuleBasedStateMachine):
    """Workers claim a partition, write to it and die, and their requests arrive late, or twice."""

    def __init__(self) -> None:
        super().__init__()
        self.log = Log()
        self.workers = [Worker(), Worker()]
        self.under_way: list[Request] = []
        self.highest = b""
        self.possible: defaultdict[bytes, set[bytes | None]] = defaultdict(lambda: {None})
        self.written = 0

    @rule(number=st.integers(0, 1))
    def die_and_begin_again(self, number: int) -> None:
        self.workers[number] = Worker()

    @rule(number=st.integers(0, 1), late=st.booleans())
    def claim(self, number: int, late: bool) -> None:
        worker = self.workers[number]
        if worker.waits_for is None and not self.log.read(worker.rows).fence.is_ours:
            claim, stamp = worker.rows.fence.new_claim(now_ms=0)
            self._send(worker, {claim: None}, stamp, late)

    @rule(number=st.integers(0, 1), late=st.booleans(), deletes=st.booleans())
    def write(self, number: int, late: bool, deletes: bool) -> None:
        worker = self.workers[number]
        if worker.waits_for is None and worker.rows.fence.is_ours:
            self.written += 1
            changes = {b"a": None if deletes else b"%d" % self.written}
            self._send(worker, changes, worker.rows.fence.next_stamp(), late)

    @rule(number=st.integers(0, 1))
    def mend(self, number: int) -> None:
        worker = self.workers[number]
        if worker.waits_for is None and self.log.read(worker.rows).fence.is_ours:
            hidden = {key: worker.rows.get(key) for key in worker.rows.fence.intruded}
            self._send(worker, hidden, worker.rows.fence.next_stamp(), late=False)

    @precondition(lambda self: self.under_way)
    @rule(data=st.data(), repeats=st.booleans())
    def arrive(self, data: st.DataObject, repeats: bool) -> None:
        request = data.draw(st.sampled_from(self.under_way))
        if not repeats:
            self.under_way.remove(request)
        self._arrived(request)

    def _arrived(self, request: Request) -> None:
        counts = request.stamp >= self.highest
        end = self.log.append(request.changes, request.stamp)
        if counts:
            self.highest = request.stamp
            for key, value in request.changes.items():
                self.possible[key].add(value)
        if request.sender.waits_for is request.changes:
            self._answer(request.sender, request.changes, end)

    def _send(self, worker: Worker, changes: Changes, stamp: bytes, late: bool) -> None:
        worker.waits_for = changes
        request = Request(worker, changes, stamp)
        if late:
            self.under_way.append(request)
        else:
            self._arrived(request)

    def _answer(self, worker: Worker, changes: Changes, end: int) -> None:
        worker.waits_for = None
        if not worker.rows.fence.is_ours:  # it was a claim
            self.log.read(worker.rows)
        elif end - len(changes) == worker.rows.next_offset:
            worker.rows.apply(changes.items(), end)
            worker.rows.fence.intruded.difference_update(changes)
            for key, value in changes.items():
                self.possible[key] = {value}
        elif worker in self.workers:  # somebody else wrote: it stops
            self.workers[self.workers.index(worker)] = Worker()

    @invariant()
    def readers_find_what_was_acknowledged(self) -> None:
        held = self.log.read(PartitionRows())
        assert held.get(b"a") in self.possible[b"a"]

    @invariant()
    def at_most_one_worker_would_be_acknowledged(self) -> None:
        sure = [worker for worker in self.workers if worker.rows.fence.is_ours and worker.waits_for is None]
        assert sum(worker.rows.next_offset == len(self.log.records) for worker in sure) <= 1


TestLateRequests = LateRequests.TestCase


def test_rows_of_a_release_without_stamps_count() -> None:
    log = Log()
    log.append({b"old": b"1", b"both": b"1"}, None)
    owner = log.read(PartitionRows())
    claim, stamp = owner.fence.new_claim(now_ms=5)
    log.append({claim: None}, stamp)
    assert log.read(owner).fence.is_ours
    log.append({b"both": b"2"}, owner.fence.next_stamp())
    log.append({b"both": b"3"}, None)

    held = log.read(PartitionRows())
    assert [held.get(key) for key in (b"old", b"both", claim)] == [b"1", b"3", None]


def test_a_hidden_row_is_named_until_it_is_written_again() -> None:
    log = Log()
    former, owner = PartitionRows(), PartitionRows()
    for rows, clock in ((former, 10), (owner, 20)):
        claim, stamp = log.read(rows).fence.new_claim(now_ms=clock)
        log.append({claim: None}, stamp)
        assert log.read(rows).fence.is_ours
    log.append({b"k": b"true"}, owner.fence.next_stamp())
    log.append({b"k": b"stale"}, former.fence.next_stamp())

    assert log.read(owner).fence.intruded == {b"k"}
    assert owner.get(b"k") == b"true"
    log.append({b"k": b"true"}, owner.fence.next_stamp())
    assert not log.read(owner).fence.intruded


def test_a_clock_that_goes_backwards_does_no_harm() -> None:
    fence = Fence()
    claim, late = fence.new_claim(now_ms=1000)
    other, early = Fence().new_claim(now_ms=10)
    assert not list(fence.admit([Logged(claim, None, ((HEADER, late),))]))
    assert not list(fence.admit([Logged(other, None, ((HEADER, early),))]))
    assert fence.is_ours
    assert fence.new_claim(now_ms=10)[1] > late


def test_an_append_that_a_retry_repeats_does_not_undo_a_later_one() -> None:
    log = Log()
    owner = log.read(PartitionRows())
    claim, stamp = owner.fence.new_claim(now_ms=1)
    log.append({claim: None}, stamp)
    first, second = log.read(owner).fence.next_stamp(), owner.fence.next_stamp()
    for value, stamp in ((b"1", first), (b"2", second), (b"1", first)):
        log.append({b"k": value}, stamp)
    held = log.read(PartitionRows())
    assert held.get(b"k") == b"2"
    assert held.fence.intruded == {b"k"}
