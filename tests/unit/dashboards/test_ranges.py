"""Ranges end with the newest event's day, wherever on the calendar that is."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from dashboards.overview import Overview
from dashboards.ranges import Range, everything, last_days

EVENING = datetime(2021, 3, 5, 22, 30, tzinfo=UTC)
NOW = datetime(2026, 7, 1, 9, 0, tzinfo=UTC)


def day(year: int, month: int, number: int) -> datetime:
    return datetime(year, month, number, tzinfo=UTC)


@pytest.mark.parametrize(
    ("newest", "days", "start", "end"),
    [
        (EVENING, 7, day(2021, 2, 27), day(2021, 3, 6)),
        (EVENING, 90, day(2020, 12, 6), day(2021, 3, 6)),
        (day(2021, 3, 5), 7, day(2021, 2, 27), day(2021, 3, 6)),
        (
            datetime(2021, 3, 5, 23, 0, tzinfo=timezone(-timedelta(hours=5))),
            7,
            day(2021, 2, 28),
            day(2021, 3, 7),
        ),
        (day(1970, 1, 3), 30, day(1970, 1, 1), day(1970, 1, 4)),
        (day(2299, 1, 1), 7, day(2105, 12, 25), day(2106, 1, 1)),
    ],
)
def test_last_days_are_whole_utc_days(newest: datetime, days: int, start: datetime, end: datetime) -> None:
    assert last_days(newest, days) == Range(start, end)


def test_everything_reaches_from_the_first_day_to_the_last() -> None:
    assert everything(datetime(2019, 6, 1, 8, 0, tzinfo=UTC), EVENING) == Range(
        day(2019, 6, 1), day(2021, 3, 6)
    )
    assert everything(day(1900, 1, 1), EVENING).start == day(1970, 1, 1)


@pytest.mark.parametrize(
    ("days", "interval_s"),
    [
        (0.5, 900),
        (1, 900),
        (3, 3600),
        (7, 10_800),
        (30, 86_400),
        (180, 86_400),
        (700, 604_800),
        (4000, 2_592_000),
    ],
)
def test_bars_are_few_enough_to_see(days: float, interval_s: int) -> None:
    shown = Range(EVENING, EVENING + timedelta(days=days))

    assert shown.interval_s == interval_s


def overview(oldest: datetime | None, newest: datetime | None) -> Overview:
    return Overview(oldest, newest, arrival=None, as_of=None, roles=())


def test_a_file_replayed_years_later_is_shown_at_once() -> None:
    shown = overview(day(2019, 6, 1), EVENING).default_range(NOW)

    assert shown == last_days(EVENING, 90)


def test_without_events_ranges_end_today() -> None:
    ranges = overview(None, None).ranges(NOW)

    assert list(ranges) == ["7", "30", "90", "180", "all"]
    assert {shown.end for shown in ranges.values()} == {day(2026, 7, 2)}
    assert ranges["all"].start == day(2026, 7, 1)
