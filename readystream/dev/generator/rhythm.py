"""When people learn: working days and hours, and how a habit holds over the weeks."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from random import Random


class Pace(Enum):
    """How somebody keeps at it; the value is the chance of a session on a working day."""

    KEEN = 0.62
    STEADY = 0.24
    CASUAL = 0.08
    FADING = 0.55
    NEW = 0.5


_PACES = (Pace.KEEN,) * 20 + (Pace.STEADY,) * 36 + (Pace.CASUAL,) * 24 + (Pace.FADING,) * 12 + (Pace.NEW,) * 8
_WEEKEND = 0.12
_SECOND_SESSION = 0.3
_LOCAL_HOURS = (7, 8, 9, 9, 9, 10, 10, 10, 11, 11, 12, 13, 13, 14, 14, 14, 15, 15, 16, 17, 19, 20, 21, 23)
LONGEST_SESSION = timedelta(hours=3)


def any_pace(rng: Random) -> Pace:
    """Draw a pace as they are spread in a company."""
    return rng.choice(_PACES)


def midnight(day: date) -> datetime:
    """The beginning of a UTC day."""
    return datetime.combine(day, time(), UTC)


def session_starts(
    rng: Random, pace: Pace, *, starts: date, first: date, last: date, utc_offset_min: int
) -> Iterator[datetime]:
    """Starts of one learner's sessions, in UTC, within the days `first` to `last`, none before `starts`.

    Days follow the learner's local working hours. A session may run past midnight, but none begins so
    late that it would outlast the last day.
    """
    earliest = midnight(starts)
    latest = midnight(last + timedelta(days=1)) - LONGEST_SESSION
    span = max((last - first).days, 1)
    for offset in range((starts - first).days, (last - first).days + 1):
        day = first + timedelta(days=offset)
        chance = _chance(pace, offset / span, weekend=day.weekday() > 4)
        while rng.random() < chance:
            local = timedelta(
                hours=rng.choice(_LOCAL_HOURS), minutes=rng.randrange(60), seconds=rng.randrange(60)
            )
            begin = midnight(day) + local - timedelta(minutes=utc_offset_min)
            yield min(max(begin, earliest), latest)
            chance *= _SECOND_SESSION


def _chance(pace: Pace, elapsed: float, *, weekend: bool) -> float:
    """Chance of a session on a day, after the share `elapsed` of the simulated days."""
    habit: float = pace.value * max(0.0, 1 - 1.5 * elapsed) if pace is Pace.FADING else pace.value
    return habit * _WEEKEND if weekend else habit
