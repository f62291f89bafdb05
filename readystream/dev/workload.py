"""What the simulated LRS forwards: generated statements with known truth, or files of real ones."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from readystream.dev.generator import Delivery, GroundTruth, Statement, generate
from readystream.dev.statement_files import deliveries, parse_statements

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
    files: Sequence[Path], people: Path | None, shuffle: int | None, as_of: date | None
) -> Workload:
    """The statements of `files`, in order or shuffled with a seed."""
    statements = [statement for file in files for statement in parse_statements(file.read_bytes(), file.name)]
    sent = deliveries(statements, _BATCH, shuffle_seed=shuffle)
    half = len(sent) // 2
    csv = None if people is None else people.read_text(encoding="utf-8-sig")
    return Workload(sent[:half], sent[half:], csv, None, as_of or _newest_day(statements))


def _newest_day(statements: Sequence[Statement]) -> date:
    """The newest statement's UTC day, or today if none says when it was."""
    times = [
        datetime.fromisoformat(str(statement["timestamp"])).astimezone(UTC)
        for statement in statements
        if "timestamp" in statement
    ]
    return max(times, default=datetime.now(UTC)).date()
