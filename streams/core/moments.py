"""When something happened: event time, UTC days and five-minute slots, all on integers."""

from msgspec import Struct

from schemas.xapi.duration import parse_duration

SECOND_US = 1_000_000
SLOT_US = 300 * SECOND_US
DAY_US = 86_400 * SECOND_US
SLOTS_PER_DAY = 288
# A sender's clock that is further ahead of ours than this is wrong.
SKEW_US = 300 * SECOND_US
# Nobody is active for longer than this at a stretch: it is a window left open.
LONGEST_ACTIVE_US = 12 * 3600 * SECOND_US


class Marks(Struct, frozen=True, gc=False):
    """A run of active slots of one UTC day: `first` to `last`, 0 to 287, both included."""

    day: int
    first: int
    last: int


def event_time(said_us: int | None, stored_us: int) -> tuple[int, bool]:
    """(event time, skewed): what the statement says, or `stored` when it says nothing or a time too far in
    the future."""
    if said_us is None:
        return stored_us, False
    return (stored_us, True) if said_us > stored_us + SKEW_US else (said_us, False)


def active_us(duration: str) -> int:
    """Length of a duration, at most twelve hours; 0 for none, for a nominal one and for an invalid one."""
    if not duration:
        return 0
    try:
        seconds = parse_duration(duration).seconds
    except ValueError:
        return 0
    return 0 if seconds is None else round(min(seconds * SECOND_US, LONGEST_ACTIVE_US))


def marks(start_us: int, end_us: int) -> tuple[Marks, ...]:
    """The slots from one moment to another, both included, one run for each UTC day that they touch."""
    first_day, first_slot = _place(start_us)
    last_day, last_slot = _place(end_us)
    if first_day == last_day:
        return (Marks(first_day, first_slot, last_slot),)
    whole = (Marks(day, 0, SLOTS_PER_DAY - 1) for day in range(first_day + 1, last_day))
    return Marks(first_day, first_slot, SLOTS_PER_DAY - 1), *whole, Marks(last_day, 0, last_slot)


def _place(moment_us: int) -> tuple[int, int]:
    day, within = divmod(moment_us, DAY_US)
    return day, within // SLOT_US
