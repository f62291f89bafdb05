"""What a reconciliation comes to."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sinks.reconcile.findings import DayCheck, FigureDrift, Finding


class Verdict(StrEnum):
    """In one word."""

    EXACT = "exact"  # nothing differs
    WITHIN = "within threshold"
    DRIFT = "drift"
    UNPROVEN = "unproven"  # there was no snapshot to compare with


@dataclass(slots=True)
class Report:
    """One run. `offsets` says up to where each partition was compared; `skipped` why others were not.

    `event_copies` are rows of events that readers never see: no drift, but worth folding when there are many.
    """

    run_id: str
    started_us: int
    threshold: float
    offsets: dict[int, int] = field(default_factory=dict)
    skipped: dict[int, str] = field(default_factory=dict)
    figures: dict[str, FigureDrift] = field(default_factory=dict)
    days: dict[int, list[DayCheck]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    event_copies: int = 0
    repaired: Counter[str] = field(default_factory=Counter)
    finished_us: int = 0

    def add(self, drifts: Iterable[FigureDrift]) -> None:
        """Add the drift of figures, each to what is known of it."""
        for drift in drifts:
            known = self.figures.get(drift.figure)
            self.figures[drift.figure] = drift if known is None else known + drift

    @property
    def worst(self) -> float:
        """The largest relative drift of any figure."""
        return max((drift.ratio for drift in self.figures.values()), default=0.0)

    @property
    def verdict(self) -> Verdict:
        """The run in one word."""
        if not self.offsets and self.skipped:
            return Verdict.UNPROVEN
        if all(drift.difference == 0 for drift in self.figures.values()):
            return Verdict.EXACT
        return Verdict.WITHIN if self.worst <= self.threshold else Verdict.DRIFT

    def as_json(self) -> Mapping[str, Any]:
        """The whole report, for machines."""
        return {
            "run_id": self.run_id,
            "verdict": self.verdict.value,
            "threshold": self.threshold,
            "worst_ratio": self.worst,
            "started_at": _iso(self.started_us),
            "finished_at": _iso(self.finished_us),
            "partitions": [
                {"partition": partition, "offset": offset}
                for partition, offset in sorted(self.offsets.items())
            ],
            "skipped": [
                {"partition": partition, "why": why} for partition, why in sorted(self.skipped.items())
            ],
            "figures": [drift.as_json() for drift in self.figures.values()],
            "days": [
                {"partition": partition, **check.as_json()}
                for partition, checks in sorted(self.days.items())
                for check in checks
            ],
            "findings": [asdict(one) for one in self.findings],
            "event_copies": self.event_copies,
            "repaired": dict(self.repaired),
        }


def _iso(moment_us: int) -> str:
    return datetime.fromtimestamp(moment_us / 1_000_000, UTC).isoformat()
