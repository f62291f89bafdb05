"""What the simulated LRS forwards: generated statements with known truth, or files of real ones."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

from readystream.dev.generator import Delivery, GroundTruth, generate
from readystream.dev.lrs import deliveries_from_file

_BATCH = 50


@dataclass(frozen=True, slots=True)
class Workload:
    """Deliveries before and after the HR feed comes, and what they are known to contain.

    `truth` is None for statements whose truth nobody told us. `as_of` is the last day that figures include.
    """

    before_feed: Sequence[Delivery]
    after_feed: Sequence[Delivery]
    people_csv: str | None
    truth: GroundTruth | None
    as_of: date

    @property
    def statements(self) -> int:
        """How many statements are going to be forwarded, invalid ones and resends included."""
        return sum(len(delivery.statements) for delivery in (*self.before_feed, *self.after_feed))


def generated(learners: int, days: int, seed: int, as_of: date) -> Workload:
    """A company's learning, ending the day before `as_of`: nothing of it lies in the future."""
    simulation = generate(learners, days, seed, as_of - timedelta(days=1))
    cut = round(len(simulation.deliveries) * simulation.hr_after)
    return Workload(
        simulation.deliveries[:cut],
        simulation.deliveries[cut:],
        simulation.people_csv,
        simulation.truth,
        as_of,
    )


def from_files(
    files: Iterable[Path], people: Path | None, shuffle: int | None, as_of: date | None
) -> Workload:
    """The statements of `files`, in order or shuffled with a seed."""
    deliveries = [delivery for file in files for delivery in deliveries_from_file(file, _BATCH)]
    if shuffle is not None:
        deliveries = _shuffled(deliveries, shuffle)
    half = len(deliveries) // 2
    csv = None if people is None else people.read_text(encoding="utf-8-sig")
    return Workload(deliveries[:half], deliveries[half:], csv, None, as_of or _newest_day(deliveries))


def _shuffled(deliveries: Sequence[Delivery], seed: int) -> list[Delivery]:
    """The same statements in another order and in other batches; no batch holds an id twice."""
    statements = [statement for delivery in deliveries for statement in delivery.statements]
    Random(seed).shuffle(statements)  # noqa: S311 - an order, not a secret
    batches: list[list[dict[str, object]]] = [[]]
    ids: set[object] = set()
    for statement in statements:
        if len(batches[-1]) == _BATCH or statement.get("id") in ids:
            batches.append([])
            ids = set()
        batches[-1].append(statement)
        ids.add(statement.get("id"))
    return [Delivery(tuple(batch)) for batch in batches if batch]


def _newest_day(deliveries: Sequence[Delivery]) -> date:
    """The newest statement's UTC day, or today if none says when it was."""
    times = [
        datetime.fromisoformat(str(statement["timestamp"])).astimezone(UTC)
        for delivery in deliveries
        for statement in delivery.statements
        if "timestamp" in statement
    ]
    return max(times, default=datetime.now(UTC)).date()
