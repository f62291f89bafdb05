"""Event time, durations as active time, and the slots between two moments."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.core.moments import DAY_US, SLOT_US, Marks, active_us, event_time, marks

STORED = 1_772_618_834_250_000
MINUTE = 60_000_000


def test_a_missing_timestamp_is_the_time_of_storing() -> None:
    assert event_time(None, STORED) == (STORED, False)


def test_a_clock_that_is_up_to_five_minutes_ahead_is_believed() -> None:
    assert event_time(STORED + 5 * MINUTE, STORED) == (STORED + 5 * MINUTE, False)
    assert event_time(STORED + 5 * MINUTE + 1, STORED) == (STORED, True)


@pytest.mark.parametrize(
    ("duration", "minutes"),
    [("PT8M", 8), ("PT0H30M0.0S", 30), ("PT13H", 720), ("P4W", 720), ("P9999999999999W", 720)],
)
def test_a_duration_is_active_time_up_to_twelve_hours(duration: str, minutes: int) -> None:
    assert active_us(duration) == minutes * MINUTE


@pytest.mark.parametrize("duration", ["", "P1Y", "P1M", "P4W1D", "-PT5M", "PT-5M", "5 minutes", "PT0S"])
def test_nominal_invalid_and_empty_durations_give_no_time(duration: str) -> None:
    assert active_us(duration) == 0


def test_one_moment_marks_its_own_slot() -> None:
    assert marks(0, 0) == (Marks(0, 0, 0),)
    assert marks(-1, -1) == (Marks(-1, 287, 287),)
    assert marks(DAY_US - 1, DAY_US - 1) == (Marks(0, 287, 287),)


def test_a_stretch_over_midnight_marks_both_days() -> None:
    assert marks(DAY_US - 20 * MINUTE, DAY_US + 7 * MINUTE) == (Marks(0, 284, 287), Marks(1, 0, 1))


@given(st.integers(0, 10**16), st.integers(0, 12 * 3600 * 1_000_000))
def test_marks_are_the_slots_that_the_stretch_touches(end: int, length: int) -> None:
    marked = {(run.day, slot) for run in marks(end - length, end) for slot in range(run.first, run.last + 1)}
    touched = range((end - length) // SLOT_US, end // SLOT_US + 1)
    assert marked == {divmod(slot, 288) for slot in touched}
