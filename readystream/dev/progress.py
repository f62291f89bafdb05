"""What somebody at the terminal sees while statements flow."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from readystream.dev.probe import Position


@dataclass(slots=True)
class FlowDisplay:
    """Five bars, one for each place a statement passes, and the freshness beside the last."""

    progress: Progress
    forwarded: TaskID
    accepted: TaskID
    in_kafka: TaskID
    processed: TaskID
    in_clickhouse: TaskID

    def sent(self, forwarded: int, accepted: int) -> None:
        """Statements sent by the LRS so far, and accepted by the adapter."""
        self.progress.update(self.forwarded, completed=forwarded)
        self.progress.update(self.accepted, completed=accepted)

    def reached(self, position: Position) -> None:
        """How far the pipeline has come. Kafka's counts include the copies of voiding statements."""
        for task, count in ((self.in_kafka, position.in_kafka), (self.processed, position.processed)):
            total = max(self.progress.tasks[task].total or 0, position.in_kafka)
            self.progress.update(task, completed=count, total=total)
        note = f"fresh after {position.freshness_p50_ms:.0f} ms (p50)"
        self.progress.update(self.in_clickhouse, completed=position.in_clickhouse, note=note)

    def finished(self, rejected: int, position: Position) -> None:
        """Everything has arrived: what was refused is not going to."""
        self.reached(position)
        copies = position.in_kafka - position.in_clickhouse
        if copies > 0:
            self.progress.update(self.in_kafka, note=f"with {copies} copies of voids")
        for task in (self.accepted, self.in_clickhouse):
            expected = (self.progress.tasks[task].total or 0) - rejected
            self.progress.update(task, total=expected)


@contextmanager
def flow_display(console: Console, statements: int) -> Iterator[FlowDisplay]:
    """Show the display while the context lasts; `statements` are going to be forwarded."""
    columns = (
        TextColumn("{task.description:>14}"),
        BarColumn(bar_width=36),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("[dim]{task.fields[note]}"),
    )
    names = ("forwarded", "accepted", "in Kafka", "processed", "in ClickHouse")
    with Progress(*columns, console=console, refresh_per_second=5) as progress:
        tasks = [progress.add_task(name, total=statements, note="") for name in names]
        yield FlowDisplay(progress, *tasks)
