"""Time ranges that show data wherever on the calendar it lies.

Records may be replayed years after the event, so ranges end with the day of the newest event, not today.
Like the windows of engagement they hold whole UTC days: `[T - W, T)`, T being the end of that day.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

DAYS = (7, 30, 90, 180)
DEFAULT_DAYS = 90
_HOUR_S, _DAY_S = 3600, 86_400
_STEPS = ((1, _HOUR_S // 4), (3, _HOUR_S), (8, 3 * _HOUR_S), (200, _DAY_S), (1400, 7 * _DAY_S))
_LONGEST_STEP_S = 30 * _DAY_S
_FIRST, _LAST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2105, 12, 31, tzinfo=UTC)  # toDateTime holds these


@dataclass(frozen=True, slots=True)
class Range:
    """A stretch of time between two aware times."""

    start: datetime
    end: datetime

    @property
    def interval_s(self) -> int:
        """Width of a bar, seconds: fine enough to show a rhythm, coarse enough to draw at most 200 bars."""
        days = (self.end - self.start) / timedelta(days=1)
        return next((step for longest, step in _STEPS if days <= longest), _LONGEST_STEP_S)


def last_days(newest: datetime, days: int) -> Range:
    """The `days` whole UTC days that end with the day of `newest`."""
    end = _day(newest) + timedelta(days=1)
    return Range(max(_FIRST, end - timedelta(days=days)), end)


def everything(oldest: datetime, newest: datetime) -> Range:
    """All whole UTC days from the day of `oldest` to the day of `newest`."""
    return Range(_day(oldest), _day(newest) + timedelta(days=1))


def _day(moment: datetime) -> datetime:
    held = min(max(moment.astimezone(UTC), _FIRST), _LAST)
    return held.replace(hour=0, minute=0, second=0, microsecond=0)
