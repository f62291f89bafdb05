"""Time ranges that show data wherever on the calendar it lies.

Records may be replayed years after the event, so ranges end with the newest that there is, not with now. Of
events they hold whole UTC days, like the windows of engagement: `[T - W, T)`, T being the end of that day.
Of arrivals they end with the minute of the newest one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from dashboards.dashboard import Clock

ALL = "all"
_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
_STEPS = (
    (_HOUR, _MINUTE),
    (6 * _HOUR, 5 * _MINUTE),
    (_DAY, 15 * _MINUTE),
    (3 * _DAY, _HOUR),
    (8 * _DAY, 3 * _HOUR),
    (200 * _DAY, _DAY),
    (1400 * _DAY, 7 * _DAY),
)
_LONGEST_STEP = 30 * _DAY
_FIRST, _LAST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2105, 12, 31, tzinfo=UTC)  # toDateTime holds these


@dataclass(frozen=True, slots=True)
class Offer:
    """A range to choose: how it is called, and how long it is (None: all there is)."""

    label: str
    length: timedelta | None


_EVERYTHING = Offer("All", None)
OFFERS: Mapping[Clock, Mapping[str, Offer]] = {
    Clock.EVENTS: {
        **{f"{days}d": Offer(f"{days} days", timedelta(days=days)) for days in (7, 30, 90, 180)},
        ALL: _EVERYTHING,
    },
    Clock.ARRIVALS: {
        "1h": Offer("1 hour", _HOUR),
        "24h": Offer("24 hours", _DAY),
        "7d": Offer("7 days", 7 * _DAY),
        "30d": Offer("30 days", 30 * _DAY),
        ALL: _EVERYTHING,
    },
    Clock.NONE: {ALL: _EVERYTHING},
}
DEFAULTS: Mapping[Clock, str] = {Clock.EVENTS: "90d", Clock.ARRIVALS: "1h", Clock.NONE: ALL}
_PRECISION: Mapping[Clock, timedelta] = {Clock.EVENTS: _DAY, Clock.ARRIVALS: _MINUTE, Clock.NONE: _DAY}


@dataclass(frozen=True, slots=True)
class Range:
    """A stretch of time between two aware times."""

    start: datetime
    end: datetime

    @property
    def interval_s(self) -> int:
        """Width of a bar, seconds: fine enough to show a rhythm, coarse enough to draw at most 200 bars."""
        length = self.end - self.start
        step = next((step for longest, step in _STEPS if length <= longest), _LONGEST_STEP)
        return int(step.total_seconds())


def offered(clock: Clock, oldest: datetime, newest: datetime) -> dict[str, Range]:
    """The ranges to choose from, by name, for records between two aware times."""
    precision = _PRECISION[clock]
    first, last = _cut(oldest, precision), _cut(newest, precision) + precision
    return {
        name: Range(first if offer.length is None else max(_FIRST, last - offer.length), last)
        for name, offer in OFFERS[clock].items()
    }


def _cut(moment: datetime, precision: timedelta) -> datetime:
    held = min(max(moment.astimezone(UTC), _FIRST), _LAST)
    return held - (held - _FIRST) % precision
