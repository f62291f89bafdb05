"""Pauses, and what an LRS may ask for."""

from datetime import UTC, datetime
from random import Random

import pytest

from lrs_adapter.pull.backoff import Backoff
from lrs_adapter.pull.lrs_client import iso, retry_after

NOW = datetime(2026, 3, 1, 10, 0, tzinfo=UTC)


def test_pauses_double_up_to_the_longest_and_begin_anew() -> None:
    longest = [0.0] * 8
    for seed in range(300):
        backoff = Backoff(1, 20, Random(seed))
        longest = [max(most, backoff.failed(None)) for most in longest]
    bounds = [1, 2, 4, 8, 16, 20, 20, 20]
    assert all(0.9 * bound < most <= bound for most, bound in zip(longest, bounds, strict=True))
    backoff.succeeded()
    assert backoff.failed(None) <= 1


def test_what_is_asked_for_is_the_least() -> None:
    backoff = Backoff(1, 20, Random(1))
    assert 7 <= backoff.failed(7) <= 8


def test_many_failures_overflow_nothing() -> None:
    backoff = Backoff(1, 20, Random(1))
    assert all(backoff.failed(None) <= 20 for _ in range(5000))


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("5", 5),
        ("999999999", 3600),
        ("Sun, 01 Mar 2026 10:00:30 GMT", 30),
        ("Sun, 01 Mar 2026 09:00:00 GMT", 0),
        ("soon", None),
        ("-5", None),
        ("Sun, 01 Mar 99999999999999999999 10:00:00 GMT", None),
        ("Sun, 01 Mar 2026 10:00:00 +99999999999999999999", None),
    ],
)
def test_retry_after(header: str | None, seconds: float | None) -> None:
    assert retry_after(header, NOW) == seconds


def test_moments_keep_their_microseconds() -> None:
    assert iso(1_772_359_200_000_001) == "2026-03-01T10:00:00.000001Z"
