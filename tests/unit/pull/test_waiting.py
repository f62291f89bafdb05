"""Pauses, and what an LRS may ask for."""

from random import Random

from lrs_adapter.pull.backoff import Backoff
from lrs_adapter.pull.lrs_client import iso


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


def test_moments_keep_their_microseconds() -> None:
    assert iso(1_772_359_200_000_001) == "2026-03-01T10:00:00.000001Z"
