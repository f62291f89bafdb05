"""Whether a partition is still ours to write.

A worker that was paused for longer than its session no longer owns its partitions and does not know it.
Asking the coordinator before every write would cost a round trip each; an answer is good for part of the
session timeout, because within it the coordinator hands our partitions to nobody else.
"""

import asyncio
import math
import time
from collections.abc import Callable, Iterable
from typing import Protocol


class Membership(Protocol):
    """What is asked of the consumer."""

    def current_generation(self) -> int:
        """The group's generation as far as it is known here."""
        ...

    async def heartbeat(self) -> bool:
        """Whether the coordinator says now that we are a member."""
        ...


class Tenure:
    """The partitions that this worker may write, in one generation of its group.

    `lease_s` is how long an answer of the coordinator is good for, `retry_s` how long to wait for another
    when it gave none, seconds.
    """

    def __init__(
        self,
        membership: Callable[[], Membership],
        *,
        lease_s: float,
        retry_s: float = 0.2,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._membership = membership
        self._lease_s = lease_s
        self._retry_s = retry_s
        self._clock = clock
        self._confirmed_at = -math.inf
        self.generation = -1
        self.partitions: frozenset[int] = frozenset()

    def begin(self, generation: int, partitions: Iterable[int]) -> None:
        """These partitions are ours from now on."""
        self.generation = generation
        self.partitions = frozenset(partitions)

    def end(self) -> None:
        """Nothing is ours any more."""
        self.begin(-1, ())

    async def holds(self, partition: int, generation: int) -> bool:
        """Whether `partition` is ours and still in `generation`. Waits while the coordinator is silent."""
        while self._believed(partition, generation):
            if self._clock() - self._confirmed_at < self._lease_s:
                return True
            asked_at = self._clock()
            if await self._membership().heartbeat():
                self._confirmed_at = asked_at
            else:
                await asyncio.sleep(self._retry_s)
        return False

    async def confirm(self, generation: int) -> bool:
        """Ask until the coordinator answers. False: the group has left `generation`, or us, behind."""
        while generation == self._membership().current_generation():
            if await self._membership().heartbeat():
                return True
            await asyncio.sleep(self._retry_s)
        return False

    def _believed(self, partition: int, generation: int) -> bool:
        return (
            generation == self.generation == self._membership().current_generation()
            and partition in self.partitions
        )
