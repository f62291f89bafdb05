"""How long to wait after failures: doubling, with full jitter, so that pullers do not come back together.

Source: M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
"""

from random import Random

_MOST_DOUBLINGS = 30


class Backoff:
    """Counts failures in a row. Times in seconds."""

    def __init__(self, first_s: float, longest_s: float, rng: Random) -> None:
        self._first_s = first_s
        self._longest_s = longest_s
        self._rng = rng
        self._failures = 0

    def succeeded(self) -> None:
        """Begin anew."""
        self._failures = 0

    def failed(self, at_least_s: float | None) -> float:
        """The pause after one more failure; never shorter than what was asked for."""
        longest = min(self._longest_s, self._first_s * 2 ** min(self._failures, _MOST_DOUBLINGS))
        self._failures += 1
        return (at_least_s or 0.0) + self._rng.uniform(0.0, longest)
