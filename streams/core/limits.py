"""When setting records aside is no longer the answer: a limit on dead letters.

One bad record is set aside and the stream goes on. When most records are bad, something else is wrong, such
as a release that cannot read what it is given; going on would move the whole log into the dead letters.
"""

from dataclasses import dataclass

from schemas.errors import ReadystreamError


class TooManyDeadLetters(ReadystreamError):  # noqa: N818 - a state of the stream, told by its name
    """The stream has to stop before it acknowledges the chunk."""


@dataclass(slots=True)
class DeadLetterLimit:
    """At most `streak` refusals in a row, and at most the share `ratio` of each `window` records."""

    streak: int = 1000
    ratio: float = 0.5
    window: int = 10_000
    _in_a_row: int = 0
    _refused: int = 0
    _seen: int = 0

    def saw(self, *, refused: bool) -> None:
        """Count one record. Raises `TooManyDeadLetters` beyond the limit."""
        self._in_a_row = self._in_a_row + 1 if refused else 0
        self._refused += refused
        self._seen += 1
        if self._in_a_row > self.streak:
            raise TooManyDeadLetters(f"{self._in_a_row} records in a row could not be processed")
        if self._seen >= self.window:
            share = self._refused / self._seen
            self._refused = self._seen = 0
            if share > self.ratio:
                raise TooManyDeadLetters(f"{share:.0%} of the last {self.window} records were refused")
