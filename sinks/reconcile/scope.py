"""What one comparison is about: a partition of the statements, up to an exact offset, from a day on."""

from dataclasses import dataclass

from schemas.origin import origin_version

FIRST_DAY = -25_566
"""1900-01-02. Times before are moved by ClickHouse's columns, so days before are not compared."""

KEPT_DAYS = 5 * 365 - 30
"""For so long a statement, its event or its dead letter must be in ClickHouse. It deletes them after five
years, at a moment of its own choice, and not from all tables at once."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Statements of `partition` up to `offset`, that one included; days are UTC days since 1970-01-01.

    `today` is the day of the comparison, `since` what was asked for. Cells are complete from `days_since` on,
    evidence from `evidence_since` on: what is older may have expired.
    """

    epoch: int
    partition: int
    offset: int
    today: int
    since: int = FIRST_DAY
    days_since: int = 0
    evidence_since: int = 0

    @property
    def is_limited(self) -> bool:
        """Whether `since` leaves anything out."""
        return self.since > FIRST_DAY

    @property
    def receipts(self) -> dict[str, int]:
        """Parameters of queries about what was received: `first` is a day of receipt."""
        return self._from(FIRST_DAY)

    @property
    def kept(self) -> dict[str, int]:
        """The same about what must still be there, for all its age."""
        return self._from(self.today - KEPT_DAYS)

    @property
    def days(self) -> dict[str, int]:
        """Parameters of queries about day cells: `first` is the first of them."""
        return self._from(self.days_since)

    @property
    def items(self) -> dict[str, int]:
        """Parameters of queries about evidence: `first` is the first day of it."""
        return self._from(self.evidence_since)

    def _from(self, kept: int) -> dict[str, int]:
        return {
            "epoch": self.epoch,
            "partition": self.partition,
            "offset": self.offset,
            "version": origin_version(self.offset, self.epoch),
            "first": max(self.since, kept, FIRST_DAY),
        }
