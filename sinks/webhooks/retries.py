"""When a delivery is tried again: pure decisions about answers."""

from dataclasses import dataclass
from typing import Final

from sinks.policy import Backoff

MOST_RETRIES: Final = 3
_REQUEST_TIMEOUT, _TOO_MANY = 408, 429


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a try: the status, or None and why there was none. `retry_after_s`: asked for, seconds."""

    status: int | None
    said: str = ""
    retry_after_s: float = 0.0

    @property
    def is_delivered(self) -> bool:
        """Whether the receiver has it."""
        return self.status is not None and 200 <= self.status < 300

    @property
    def is_worth_a_retry(self) -> bool:
        """Whether the same request may be taken later: nothing was answered, 408, 429 or 5xx."""
        return self.status is None or self.status in (_REQUEST_TIMEOUT, _TOO_MANY) or self.status >= 500

    def __str__(self) -> str:
        return self.said if self.status is None else f"HTTP {self.status}"


@dataclass(frozen=True, slots=True)
class Retries:
    """Three retries after growing waits; a receiver's own wish is met up to `longest_s` seconds."""

    backoff: Backoff
    longest_s: float

    def wait_s(self, answer: Answer, tries: int, chance: float) -> float | None:
        """Seconds until the next try after so many (1 at first); None if there is to be none.

        `chance` is in [0, 1).
        """
        if not answer.is_worth_a_retry or tries > MOST_RETRIES:
            return None
        return max(self.backoff.delay_s(tries, chance), self.asked_s(answer))

    def asked_s(self, answer: Answer) -> float:
        """How long the receiver wants to be left alone, as far as we comply, seconds."""
        return min(answer.retry_after_s, self.longest_s)
