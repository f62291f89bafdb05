"""What the page must know before it draws: how far the data reaches and which roles there are."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from dashboards.ranges import DAYS, DEFAULT_DAYS, Range, everything, last_days
from dashboards.store import Store, Unavailable

_SQL = """
SELECT
    (SELECT minOrNull(event_time) FROM learning_events) AS oldest,
    (SELECT maxOrNull(event_time) FROM learning_events) AS newest,
    (SELECT maxOrNull(received_at) FROM statements) AS arrival,
    (SELECT maxOrNull(as_of) FROM current_readiness) AS as_of,
    (SELECT arraySort(groupUniqArray(role)) FROM current_readiness) AS roles
"""


@dataclass(frozen=True, slots=True)
class Overview:
    """`oldest` and `newest` are times of events, `arrival` that of the last statement; None without any.

    `as_of` is the UTC day at which readiness was last evaluated.
    """

    oldest: datetime | None
    newest: datetime | None
    arrival: datetime | None
    as_of: date | None
    roles: tuple[str, ...]

    def ranges(self, now: datetime) -> dict[str, Range]:
        """The ranges to choose from, by number of days or `all`; without events they end with `now`."""
        newest = self.newest or now
        by_days = {str(days): last_days(newest, days) for days in DAYS}
        return by_days | {"all": everything(self.oldest or now, newest)}

    def default_range(self, now: datetime) -> Range:
        """What is shown when nobody chose."""
        return self.ranges(now)[str(DEFAULT_DAYS)]


async def overview(store: Store) -> Overview | Unavailable:
    """Ask ClickHouse."""
    answer = await store.read(_SQL)
    if isinstance(answer, Unavailable):
        return answer
    oldest, newest, arrival, as_of, roles = answer.rows[0]
    return Overview(_utc(oldest), _utc(newest), _utc(arrival), as_of, tuple(roles))


def _utc(moment: datetime | None) -> datetime | None:
    """The client hands over times of the zone UTC without a zone."""
    return moment and moment.replace(tzinfo=UTC)
