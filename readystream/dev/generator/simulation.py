"""A simulated company's learning, ready to be forwarded, with the truth about it."""

import csv
from dataclasses import dataclass
from datetime import date, timedelta
from io import StringIO
from random import Random

from readystream.dev.generator.company import HR_COLUMNS, HrRow, found_company
from readystream.dev.generator.delivery import Delivery
from readystream.dev.generator.forwarding import forward_all
from readystream.dev.generator.journey import journey
from readystream.dev.generator.truth import GroundTruth, tally


@dataclass(frozen=True, slots=True)
class Simulation:
    """What to send, and what has to come of it.

    `deliveries` are in the order in which the LRSs forward them; the HR feed (`hr_rows`) is imported once
    the share `hr_after` (0 to 1) of them is sent, so that statements are there before their links.
    """

    deliveries: list[Delivery]
    hr_rows: list[HrRow]
    hr_after: float
    truth: GroundTruth

    @property
    def people_csv(self) -> str:
        """The HR feed as the CSV text that an HR system would export."""
        text = StringIO()
        writer = csv.DictWriter(text, HR_COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(self.hr_rows)
        return text.getvalue()


def generate(learners: int, days: int, seed: int, end: date) -> Simulation:
    """Simulate `learners` people over the `days` days up to and including `end` (UTC).

    The same arguments give the same simulation, byte for byte. Choose an `end` in the past: a receiver
    dates a statement from the future by its arrival.
    """
    rng = Random(seed)  # noqa: S311 - repeatable on purpose
    first = end - timedelta(days=days - 1)
    company = found_company(rng, learners, first, end)
    sessions = [session for learner in company for session in journey(rng, learner, first, end)]
    forwarded = forward_all(rng, sessions)
    return Simulation(
        deliveries=forwarded.deliveries,
        hr_rows=[learner.hr_row for learner in company if learner.hr_row is not None],
        hr_after=round(rng.uniform(0.25, 0.5), 3),
        truth=tally([deed for session in sessions for deed in session], forwarded),
    )
