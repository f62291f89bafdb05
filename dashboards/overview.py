"""What a dashboard must know before it draws: how far the data reaches, and what there is to choose from."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from dashboards.dashboard import Choice, Clock, Dashboard
from dashboards.ranges import DEFAULTS, Range, offered
from dashboards.store import Store, Unavailable

_SQL = """
SELECT
    (SELECT minOrNull(event_time) FROM learning_events) AS oldest,
    (SELECT maxOrNull(event_time) FROM learning_events) AS newest,
    (SELECT minOrNull(stored_at) FROM statements) AS first_arrival,
    (SELECT maxOrNull(stored_at) FROM statements) AS last_arrival,
    (SELECT maxOrNull(as_of) FROM current_readiness) AS as_of
"""

Offers = Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Reach:
    """`oldest` and `newest` are times of events, arrivals those of statements; None without any.

    `as_of` is the UTC day at which readiness was last evaluated.
    """

    oldest: datetime | None
    newest: datetime | None
    first_arrival: datetime | None
    last_arrival: datetime | None
    as_of: date | None

    def ranges(self, clock: Clock, now: datetime) -> dict[str, Range]:
        """The ranges to choose from, by name; without records they end with `now`."""
        first, last = (
            (self.first_arrival, self.last_arrival) if clock is Clock.ARRIVALS else (self.oldest, self.newest)
        )
        return offered(clock, first or now, last or now)

    def default_range(self, clock: Clock, now: datetime) -> Range:
        """What is shown when nobody chose."""
        return self.ranges(clock, now)[DEFAULTS[clock]]


async def reach(store: Store) -> Reach | Unavailable:
    """Ask ClickHouse how far its data reaches."""
    answer = await store.read(_SQL)
    if isinstance(answer, Unavailable):
        return answer
    oldest, newest, first_arrival, last_arrival, as_of = answer.rows[0]
    return Reach(_utc(oldest), _utc(newest), _utc(first_arrival), _utc(last_arrival), as_of)


async def offers(store: Store, dashboard: Dashboard) -> dict[str, Offers] | Unavailable:
    """Value and label of all that the variables of `dashboard` offer, by the variable's name."""
    asked = [variable for variable in dashboard.variables if variable.choice is not Choice.TEXT]
    answers = await asyncio.gather(*(store.read(variable.sql) for variable in asked))
    found: dict[str, Offers] = {}
    for variable, answer in zip(asked, answers, strict=True):
        if isinstance(answer, Unavailable):
            return answer
        found[variable.name] = answer.rows
    return found


def _utc(moment: datetime | None) -> datetime | None:
    """The client hands over times of the zone UTC without a zone."""
    return moment and moment.replace(tzinfo=UTC)
