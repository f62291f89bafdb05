"""What state is kept for: how far back days and evidence count, and how long statement ids are remembered.

What is too old to count is left out wherever figures are read, so it makes no difference to them whether
it has been deleted yet. Deleting is housekeeping (`streams.core.expiry`).
"""

from collections.abc import Callable
from dataclasses import dataclass

from streams.core.engagement import WINDOW_DAYS
from streams.core.moments import DAY_US

UNDATED = 2**31 - 1
_LONGEST_WINDOW = WINDOW_DAYS[-1]

ObserveDeleted = Callable[[str, int], None]
"""Told how many rows of which table were deleted because they are too old."""


def ignore_deleted(_table: str, _rows: int) -> None:
    """Measure nothing."""


@dataclass(frozen=True, slots=True)
class Kept:
    """The first UTC days that still count: of what somebody did, and of evidence about skills."""

    days: int = -UNDATED
    evidence: int = -UNDATED

    def later(self, other: "Kept") -> "Kept":
        """The later of both in each: what was deleted once does not count again."""
        return Kept(max(self.days, other.days), max(self.evidence, other.evidence))


@dataclass(frozen=True, slots=True)
class Retention:
    """How many days things are kept, the current one included.

    `days`: what somebody did, at least the longest window. `evidence`: evidence about skills. `ledger`:
    statement ids after their statement was received; no shorter than the others, so that whatever still
    counts can be voided, and whatever is too old to be told from a resend counts for nothing.
    Raises ValueError for spans that do not go together.
    """

    days: int = 400
    evidence: int = 1825
    ledger: int = 1825

    def __post_init__(self) -> None:
        if self.days < _LONGEST_WINDOW:
            raise ValueError(f"days must be kept for {_LONGEST_WINDOW} at least, the longest window")
        if self.ledger < max(self.days, self.evidence):
            raise ValueError("statement ids must be kept for as long as days and evidence")

    def kept(self, as_of: int) -> Kept:
        """What counts on UTC day `as_of`."""
        return Kept(as_of - self.days + 1, as_of - self.evidence + 1)

    def horizon(self, as_of: int) -> int:
        """The first UTC day whose statement ids are still remembered on day `as_of`."""
        return as_of - self.ledger + 1


DEFAULT_RETENTION = Retention()


def dated(said_us: int | None) -> int:
    """UTC day of a statement's own timestamp, the same whenever it is sent again; `UNDATED` without one."""
    return UNDATED if said_us is None else said_us // DAY_US


def remembered_from(said_us: int | None, stored_us: int) -> int:
    """The UTC day from which on the ledger keeps a statement's entry for `Retention.ledger` days.

    It is that of the timestamp or of the receipt, whichever is later: once the entry is gone, a resend is
    known to be too old by its timestamp. Without a timestamp a resend looks like news at any time, so the
    entry stays: `UNDATED`.
    """
    return UNDATED if said_us is None else max(said_us, stored_us) // DAY_US
