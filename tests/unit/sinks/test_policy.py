import pytest

from sinks.policy import Backoff, FlushPolicy, Refusals

POLICY = FlushPolicy(max_rows=100, max_age_s=0.5, max_bytes=1000)


@pytest.mark.parametrize(
    ("records", "size", "age_s", "due"),
    [
        (0, 0, 99.0, False),
        (1, 10, 0.0, False),
        (1, 10, 0.49, False),
        (1, 10, 0.5, True),
        (99, 10, 0.0, False),
        (100, 10, 0.0, True),
        (1, 1000, 0.0, True),
    ],
)
def test_a_block_is_due_when_it_is_many_old_or_heavy(
    records: int, size: int, age_s: float, due: bool
) -> None:
    assert POLICY.due(records=records, size=size, age_s=age_s) is due


@pytest.mark.parametrize(
    ("failures", "chance", "delay_s"),
    [(1, 0.0, 0.2), (2, 0.0, 0.4), (3, 0.0, 0.8), (3, 0.5, 0.6), (9, 0.0, 15.0), (1000, 0.0, 15.0)],
)
def test_waits_double_up_to_the_longest_and_are_shortened_at_random(
    failures: int, chance: float, delay_s: float
) -> None:
    assert Backoff(first_s=0.2, most_s=15.0).delay_s(failures, chance) == pytest.approx(delay_s)


def test_refusals_in_a_row_reach_the_limit_and_a_good_record_ends_the_row() -> None:
    refusals = Refusals(limit=3)
    bad_bad_good_bad_bad_bad = [True, True, False, True, True, True]

    answers = [refusals.note("a", records=1, refused=int(refused)) for refused in bad_bad_good_bad_bad_bad]

    assert answers == [True, True, True, True, True, False]


def test_refusals_are_counted_by_topic() -> None:
    refusals = Refusals(limit=2)

    assert [refusals.note(topic, records=1, refused=1) for topic in ("a", "b", "a")] == [True, True, False]


def test_one_good_record_among_those_that_came_together_ends_the_row() -> None:
    refusals = Refusals(limit=20)

    answers = [refusals.note("a", records=10, refused=refused) for refused in (10, 9, 10, 10)]

    assert answers == [True, True, True, False]


def test_records_wait_as_long_as_a_round_takes() -> None:
    assert POLICY.at_least(2.0).due(records=1, size=1, age_s=1.9) is False
    assert POLICY.at_least(2.0).due(records=100, size=1, age_s=0.0) is True
    assert POLICY.at_least(0.1) == POLICY
