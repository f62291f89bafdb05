"""How fast a credential may send."""

import pytest

from lrs_adapter.access.credentials import RateLimit
from lrs_adapter.access.rate_limit import RateLimits
from lrs_adapter.wire.problems import Problem, problem_headers
from tests.unit.adapter.samples import credential

SENDER = credential(rate_limit=RateLimit(per_second=10, burst=20))


class _Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def _send(limits: RateLimits, statements: int) -> Problem | None:
    refused = limits.admit(SENDER)
    if refused is None:
        limits.pay(SENDER, statements)
    return refused


def test_a_burst_passes_and_then_the_rate_counts() -> None:
    clock = _Clock()
    limits = RateLimits(clock)
    assert [_send(limits, 5) is None for _ in range(5)] == [True, True, True, True, False]
    clock.now += 0.5
    assert [_send(limits, 5) is None for _ in range(2)] == [True, False]


def test_a_batch_larger_than_the_burst_passes_and_is_paid_for_later() -> None:
    clock = _Clock()
    limits = RateLimits(clock)
    assert _send(limits, 120) is None
    refused = _send(limits, 1)
    assert refused is not None
    assert (refused.status, refused.code) == (429, "rate-limit")
    assert refused.retry_after_s == pytest.approx(10.1)
    assert problem_headers(refused)["retry-after"] == "11"
    clock.now += 10.0
    assert _send(limits, 1) is not None
    clock.now += 0.2
    assert _send(limits, 1) is None


def test_a_pause_fills_no_more_than_the_burst() -> None:
    clock = _Clock()
    limits = RateLimits(clock)
    clock.now += 1_000_000
    assert [_send(limits, 10) is None for _ in range(3)] == [True, True, False]


def test_without_a_limit_everything_passes() -> None:
    limits = RateLimits(_Clock())
    unlimited = credential().model_copy(update={"name": "other"})
    for _ in range(100):
        assert limits.admit(unlimited) is None
        limits.pay(unlimited, 1_000)


def test_a_changed_limit_begins_anew() -> None:
    clock = _Clock()
    limits = RateLimits(clock)
    assert _send(limits, 120) is None
    changed = credential(rate_limit=RateLimit(per_second=10, burst=21))
    assert limits.admit(changed) is None
