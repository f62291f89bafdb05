"""The summary at the end of a run: for a person, and as JSON."""

from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.table import Table

from readystream.dev.figures import Held

_SHOWN_PROBLEMS = 10


@dataclass(frozen=True, slots=True)
class Summary:
    """What happened. `problems` has a sentence for each disagreement; none is the only good number."""

    forwarded: int
    accepted: int
    rejected: int
    retries: int
    held: Held
    problems: list[str]
    seconds: float

    def as_json(self) -> dict[str, Any]:
        """The summary as a JSON object."""
        return {
            "forwarded": self.forwarded,
            "accepted": self.accepted,
            "duplicates": self.held.duplicates,
            "rejected": self.rejected,
            "retries": self.retries,
            "voided": self.held.voided,
            "distinct_statements": self.held.distinct_statements,
            "personas": self.held.personas,
            "persons": self.held.persons,
            "dead_letters": self.held.dead_letters,
            "readiness_updates": self.held.readiness_updates,
            "clickhouse_rows": self.held.rows,
            "drift": len(self.problems),
            "problems": self.problems,
            "freshness_ms": {"p50": self.held.freshness_p50_ms, "p99": self.held.freshness_p99_ms},
            "seconds": round(self.seconds, 1),
        }

    def show(self, console: Console) -> None:
        """Print it."""
        table = Table(title="Every number accounted for", title_justify="left", show_header=True)
        table.add_column("figure")
        table.add_column("value", justify="right")
        table.add_column("counted", style="dim")
        for name, value, place in self._rows():
            table.add_row(name, value, place)
        console.print(table)
        for problem in self.problems[:_SHOWN_PROBLEMS]:
            console.print(f"[red]✗[/red] {problem}")
        if len(self.problems) > _SHOWN_PROBLEMS:
            console.print(f"[red]… and {len(self.problems) - _SHOWN_PROBLEMS} more[/red]")
        if not self.problems:
            console.print("[green]✓[/green] ClickHouse holds exactly what was accepted.")

    def _rows(self) -> list[tuple[str, str, str]]:
        held = self.held
        return [
            ("forwarded", f"{self.forwarded:,}", "statements the LRS sent"),
            ("accepted", f"{self.accepted:,}", "answered 200 after Kafka had them"),
            ("rejected", f"{self.rejected:,}", "answered 400"),
            ("distinct statements", f"{held.distinct_statements:,}", "ids in ClickHouse's raw log"),
            ("duplicates", f"{held.duplicates:,}", "records beyond the first of an id"),
            ("voided", f"{held.voided:,}", "learning events withdrawn"),
            ("personas", f"{held.personas:,}", "identifiers in the raw log"),
            ("persons", f"{held.persons:,}", "people they resolve to"),
            ("dead letters", f"{held.dead_letters:,}", "records set aside with a reason"),
            ("readiness updates", f"{held.readiness_updates:,}", "rows of the history"),
            ("rows in ClickHouse", f"{held.rows:,}", "all tables"),
            (
                "freshness p50 / p99",
                f"{held.freshness_p50_ms:,} / {held.freshness_p99_ms:,} ms",
                "adapter reading it → row written",
            ),
            ("drift", str(len(self.problems)), "disagreements found"),
            ("time", f"{self.seconds:.1f} s", "first statement → all settled"),
        ]
