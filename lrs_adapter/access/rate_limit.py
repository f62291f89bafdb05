"""How fast a credential may send: a token bucket of statements.

A batch is let in while anything is left in the bucket, and paid for when it has been counted, in debt if need
be. So a batch larger than the bucket passes too, and what is refused costs nothing to read.
"""

from collections.abc import Callable
from dataclasses import dataclass

from lrs_adapter.access.credentials import Credential, RateLimit
from lrs_adapter.wire.problems import Problem


@dataclass(slots=True)
class Bucket:
    """What is left, in statements, at a moment in seconds. Starts full."""

    limit: RateLimit
    left: float
    at: float

    def wait_s(self, now: float) -> float:
        """Seconds until a statement may be sent; 0 if one may now."""
        self.left = min(self.limit.burst, self.left + (now - self.at) * self.limit.per_second)
        self.at = now
        return max(0.0, (1 - self.left) / self.limit.per_second)

    def pay(self, statements: int) -> None:
        """Take `statements` out."""
        self.left -= statements


class RateLimits:
    """A bucket for each credential that has a limit. `clock` gives seconds and never goes back.

    State: the buckets of this process alone; more processes allow a sender so many times more. A limit that
    was changed in the credentials file begins with a full bucket.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._buckets: dict[str, Bucket] = {}

    def admit(self, credential: Credential) -> Problem | None:
        """Let a request in, at the price of one statement, or say when to come again."""
        bucket = self._bucket(credential)
        if bucket is None:
            return None
        wait_s = bucket.wait_s(self._clock())
        if wait_s > 0:
            return _too_fast(bucket.limit, wait_s)
        bucket.pay(1)
        return None

    def pay(self, credential: Credential, statements: int) -> None:
        """Pay for the statements of an admitted request beyond the first."""
        bucket = self._bucket(credential)
        if bucket is not None and statements > 1:
            bucket.pay(statements - 1)

    def _bucket(self, credential: Credential) -> Bucket | None:
        limit = credential.rate_limit
        if limit is None:
            return None
        known = self._buckets.get(credential.name)
        if known is None or known.limit != limit:
            known = self._buckets[credential.name] = Bucket(limit, limit.burst, self._clock())
        return known


def _too_fast(limit: RateLimit, wait_s: float) -> Problem:
    detail = f"The credential may send {limit.per_second:g} statements a second. Nothing was kept."
    return Problem(429, "rate-limit", "Too many statements.", detail, retry_after_s=wait_s)
