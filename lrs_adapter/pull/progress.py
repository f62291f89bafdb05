"""How far a source has been read, and what of the overlap is known already. Pure.

`since` of an LRS means later than, and statements can become visible after later ones. So each round begins
`overlap` before the cursor, and the cursor never passes the time through which the LRS calls itself
consistent, the last statement that was read, nor our own time: an LRS may hold statements that it claims to
have stored in years to come.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

_MOST_KNOWN = 100_000
"""What is forgotten is sent again, and dropped by the ledger of the stream worker."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A statement of a page: what it is known by, and when the LRS stored it (None: it does not say)."""

    id: str
    stored_us: int | None


@dataclass(slots=True)
class Progress:
    """One source. Times in microseconds since the epoch; `cursor_us` is what the checkpoint holds."""

    cursor_us: int
    overlap_us: int
    _known: dict[str, int] = field(default_factory=dict)
    _newest: int = 0
    _ceiling: int = 0
    _ascending: bool = True

    @property
    def since_us(self) -> int:
        """Where a round begins."""
        return max(0, self.cursor_us - self.overlap_us)

    def begin(self, now_us: int) -> None:
        """A round begins. Nobody has read what is stored after `now_us`, whatever a statement says."""
        self.cursor_us = min(self.cursor_us, now_us)
        self._newest, self._ceiling, self._ascending = 0, now_us, True

    def is_new(self, statement_id: str) -> bool:
        """Whether a statement has not been read within the overlap."""
        return statement_id not in self._known

    def passed(self, seen: Iterable[Seen], consistent_through: int | None, *, last: bool) -> bool:
        """A page is in the log; returns whether the cursor moved.

        It moves at each page as long as the LRS keeps the order, else at the end of the round.
        """
        for one in seen:
            self._see(one)
        if consistent_through is not None:
            self._ceiling = min(self._ceiling, consistent_through)
        before_newest = self._newest - 1  # the next page may have more of the same microsecond
        reached = min(before_newest, self._ceiling)
        if reached <= self.cursor_us or not (self._ascending or last):
            return False
        self.cursor_us = reached
        self._known = {key: stored for key, stored in self._known.items() if stored >= self.since_us}
        return True

    def _see(self, one: Seen) -> None:
        stored = max(self._newest, self.cursor_us) if one.stored_us is None else one.stored_us
        self._known[one.id] = stored
        if len(self._known) > _MOST_KNOWN:
            del self._known[next(iter(self._known))]
        if stored < self._newest:
            self._ascending = False
        self._newest = max(self._newest, stored)
