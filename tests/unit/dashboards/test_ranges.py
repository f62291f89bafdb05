"""Ranges end with the newest record, wherever on the calendar that is."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from dashboards.dashboard import Clock
from dashboards.overview import Reach
from dashboards.ranges import DEFAULTS, OFFERS, Range, offered

EVENING = datetime(2021, 3, 5, 22, 30, 15, tzinfo=UTC)
NOW = datetime(2026, 7, 1, 9, 0, tzinfo=UTC)


def day(year: int, month: int, number: int) -> datetime:
    return datetime(year, month, number, tzinfo=UTC)


@pytest.mark.parametrize(
    ("newest", "name", "start", "end"),
    [
        (EVENING, "7d", day(2021, 2, 27), day(2021, 3, 6)),
        (EVENING, "90d", day(2020, 12, 6), day(2021, 3, 6)),
        (day(2021, 3, 5), "7d", day(2021, 2, 27), day(2021, 3, 6)),
        (
            datetime(2021, 3, 5, 23, 0, tzinfo=timezone(-timedelta(hours=5))),
            "7d",
            day(2021, 2, 28),
            day(2021, 3, 7),
        ),
        (day(1970, 1, 3), "30d", day(1970, 1, 1), day(1970, 1, 4)),
        (day(2299, 1, 1), "7d", day(2105, 12, 25), day(2106, 1, 1)),
    ],
)
def test_of_events_ranges_are_whole_utc_days(
    newest: datetime, name: str, start: datetime, end: datetime
) -> None:
    assert offered(Clock.EVENTS, day(1970, 1, 1), newest)[name] == Range(start, end)


def test_everything_reaches_from_the_first_day_to_the_last() -> None:
    first = datetime(2019, 6, 1, 8, 0, tzinfo=UTC)

    assert offered(Clock.EVENTS, first, EVENING)["all"] == Range(day(2019, 6, 1), day(2021, 3, 6))
    assert offered(Clock.EVENTS, day(1900, 1, 1), EVENING)["all"].start == day(1970, 1, 1)


def test_of_arrivals_ranges_end_with_the_minute_of_the_newest() -> None:
    ranges = offered(Clock.ARRIVALS, EVENING - timedelta(days=3), EVENING)

    end = datetime(2021, 3, 5, 22, 31, tzinfo=UTC)
    assert ranges["1h"] == Range(end - timedelta(hours=1), end)
    assert ranges["all"] == Range(datetime(2021, 3, 2, 22, 30, tzinfo=UTC), end)


@pytest.mark.parametrize("clock", list(Clock))
def test_what_is_shown_at_first_is_offered(clock: Clock) -> None:
    assert DEFAULTS[clock] in OFFERS[clock]
    assert offered(clock, EVENING, EVENING).keys() == OFFERS[clock].keys()


@pytest.mark.parametrize(
    ("hours", "interval_s"),
    [
        (1, 60),
        (6, 300),
        (24, 900),
        (72, 3600),
        (7 * 24, 10_800),
        (30 * 24, 86_400),
        (180 * 24, 86_400),
        (700 * 24, 604_800),
        (4000 * 24, 2_592_000),
    ],
)
def test_bars_are_few_enough_to_see(hours: float, interval_s: int) -> None:
    shown = Range(EVENING, EVENING + timedelta(hours=hours))

    assert shown.interval_s == interval_s


def test_a_file_replayed_years_later_is_shown_at_once() -> None:
    reach = Reach(day(2019, 6, 1), EVENING, NOW, NOW, as_of=None)

    assert reach.default_range(Clock.EVENTS, NOW).end == day(2021, 3, 6)
    assert reach.default_range(Clock.ARRIVALS, NOW).end == NOW + timedelta(minutes=1)


def test_without_records_ranges_end_today() -> None:
    ranges = Reach(None, None, None, None, None).ranges(Clock.EVENTS, NOW)

    assert {shown.end for shown in ranges.values()} == {day(2026, 7, 2)}
    assert ranges["all"].start == day(2026, 7, 1)
