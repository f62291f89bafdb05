"""When a partition counts as ours."""

import asyncio
from collections.abc import Iterable

from streams.engine.tenure import Tenure


class Group:
    """A coordinator that gives prepared answers, and forgets us after the last of them."""

    def __init__(self, answers: Iterable[bool], generation: int = 7) -> None:
        self.answers = list(answers)
        self.generation = generation
        self.asked = 0

    def current_generation(self) -> int:
        return self.generation

    async def heartbeat(self) -> bool:
        self.asked += 1
        if not self.answers:
            self.generation = -1
            return False
        return self.answers.pop(0)


class Clock:
    """A clock that is set by hand, seconds."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


def _tenure(group: Group, clock: Clock) -> Tenure:
    tenure = Tenure(lambda: group, lease_s=5.0, clock=clock, retry_s=0.0)
    tenure.begin(group.generation, {1, 2})
    return tenure


def test_ours_until_it_ends() -> None:
    group = Group([True])
    tenure = _tenure(group, Clock())
    assert asyncio.run(tenure.holds(1, 7))
    assert not asyncio.run(tenure.holds(3, 7))
    assert not asyncio.run(tenure.holds(1, 6))
    tenure.end()
    assert not asyncio.run(tenure.holds(1, 7))


def test_an_answer_is_good_for_the_lease() -> None:
    group, clock = Group([True, True]), Clock()
    tenure = _tenure(group, clock)
    assert asyncio.run(tenure.holds(1, 7))
    clock.now += 4.9
    assert asyncio.run(tenure.holds(2, 7))
    assert group.asked == 1
    clock.now += 0.2
    assert asyncio.run(tenure.holds(1, 7))
    assert group.asked == 2


def test_a_worker_that_slept_too_long_finds_out() -> None:
    group, clock = Group([True]), Clock()
    tenure = _tenure(group, clock)
    assert asyncio.run(tenure.holds(1, 7))
    clock.now += 60
    assert not asyncio.run(tenure.holds(1, 7))


def test_a_silent_coordinator_is_asked_again() -> None:
    group = Group([False, False, True])
    tenure = _tenure(group, Clock())
    assert asyncio.run(tenure.holds(1, 7))
    assert group.asked == 3


def test_who_is_about_to_claim_asks_until_there_is_an_answer() -> None:
    group = Group([False, True])
    tenure = _tenure(group, Clock())
    assert asyncio.run(tenure.confirm(7))
    assert group.asked == 2
    assert not asyncio.run(tenure.confirm(6))
    assert not asyncio.run(tenure.confirm(7))  # it is forgotten
