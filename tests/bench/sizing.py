"""The table of `docs/sizing.md`: what a pipeline needs, from the costs that a run measured.

What is not measured is an assumption, and the page names each of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import Any

PAGE = Path(__file__).parents[2] / "docs" / "sizing.md"
BEGIN, END = "<!-- figures: written by tests.bench.sizing -->", "<!-- /figures -->"

# Assumptions, of a learner and a day on average, weekends and holidays included.
STATEMENTS, ACTIVE_DAYS, EVIDENCE = 2.0, 0.2, 0.1
BUSY_HOUR = 0.2  # share of a day's statements in its busiest hour
LOAD = 0.5  # of a core in that hour
STAGES = 2  # both keep days and evidence
RESTART_S = 60.0  # how long reading one partition's changelogs may take
KAFKA_BYTES, REPLICAS = 2000, 3  # a statement and all that is made of it, on disk
CLICKHOUSE_BYTES = 400
LOG_DAYS = 1825
LEAST_PARTITIONS = 12


@dataclass(frozen=True, slots=True)
class Case:
    """Learners, and for how many days statement ids and evidence, and days, are kept."""

    learners: int
    ids_days: int
    day_days: int


CASES = (
    Case(1_000, 1825, 400),
    Case(100_000, 1825, 400),
    Case(100_000, 730, 400),
    Case(10_000_000, 730, 400),
    Case(10_000_000, 180, 180),
)


def written(page: str, run: Mapping[str, Any]) -> str:
    """The page with the table of `run`."""
    head, _, rest = page.partition(BEGIN)
    _, _, tail = rest.partition(END)
    return f"{head}{BEGIN}\n\n{_table(run)}\n\n{END}{tail}"


def _table(run: Mapping[str, Any]) -> str:
    small, large = run["growth"][0], run["growth"][-1]
    rows = large["recovered_rows"] - small["recovered_rows"]
    row_bytes = (large["resident_mb"] - small["resident_mb"]) * 1e6 / rows
    measured = (
        f"Measured: {large['cpu_us']:.0f} µs of a core for a statement among {large['learners']:,} learners, "
        f"{row_bytes:.0f} bytes of a worker's memory for a row, "
        f"{run['recovery_cells_per_s']:,.0f} rows a second when a worker reads its changelogs."
    )
    head = (
        "| learners | ids and evidence kept | statements/s, busiest hour | worker cores | worker memory "
        "| partitions | Kafka disk | ClickHouse disk |\n|---:|---:|---:|---:|---:|---:|---:|---:|"
    )
    lines = [_line(case, large["cpu_us"], row_bytes, run["recovery_cells_per_s"]) for case in CASES]
    return "\n".join([measured, "", head, *lines])


def _line(case: Case, cpu_us: float, row_bytes: float, rows_per_s: float) -> str:
    daily = case.learners * STATEMENTS
    peak = daily * BUSY_HOUR / 3600
    kept = STATEMENTS * case.ids_days
    kept += STAGES * (ACTIVE_DAYS * case.day_days + EVIDENCE * case.ids_days)
    rows = case.learners * kept
    partitions = max(LEAST_PARTITIONS, ceil(rows / (rows_per_s * RESTART_S)))
    cells = (
        f"{case.learners:,}",
        f"{case.ids_days:,} days",
        f"{peak:,.1f}",
        f"{max(0.1, peak * cpu_us / 1e6 / LOAD):,.1f}",
        _size(rows * row_bytes),
        f"{partitions:,}",
        _size(daily * LOG_DAYS * KAFKA_BYTES * REPLICAS),
        _size(daily * LOG_DAYS * CLICKHOUSE_BYTES),
    )
    return f"| {' | '.join(cells)} |"


def _size(value: float) -> str:
    for unit in ("kB", "MB", "GB"):
        value /= 1000
        if value < 1000:
            return f"{value:.3g} {unit}"
    return f"{value / 1000:.3g} TB"
