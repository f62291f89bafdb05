"""What each panel's query costs over ten million events, as a ratio to reading them all once.

    python -m tests.bench.dashboards --rows 10000000 --page

The ratio of a panel is its run, or the better of two where the first was beyond the budget, over the best of
three full scans of `learning_events` (every column, every row) by the same engine at that size. Ratios carry
over to other machines, seconds do not. The budget is one and a half full scans. `--page` writes the figures
into `docs/dashboards-performance.md`.
"""

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import ClickHouseError
from rich.console import Console

from dashboards.catalogue import PANELS
from dashboards.dashboard import Clock, chosen_values
from dashboards.macros import Scope, expand
from tests.bench import machine
from tests.bench.year import END, year

BUDGET = 1.5
PAGE = Path(__file__).parents[2] / "docs" / "dashboards-performance.md"
_BEGIN, _END = "<!-- figures: written by tests.bench.dashboards -->", "<!-- /figures -->"
_RANGE = timedelta(days=90)
_SETTINGS = {"max_memory_usage": 6 << 30, "max_execution_time": 60}
_FULL_SCAN = "SELECT count() FROM learning_events WHERE NOT ignore(*)"


@dataclass(frozen=True, slots=True)
class Cost:
    """What a panel's query took, in full scans. `fault` says why it gave no answer, empty if it did."""

    panel: str
    scans: float
    fault: str = ""


def full_scan(client: Client) -> float:
    """Seconds to read every column of every event, best of three."""
    return min(_timed(client, _FULL_SCAN) for _ in range(3))


def costs(client: Client, scan: float) -> Iterator[Cost]:
    """Each panel over the last 90 days (pipeline: 24 hours), of one person where one is asked for."""
    statement = client.query("SELECT statement_id FROM learning_events LIMIT 1").result_rows[0][0]
    asked = {"person": ["person-1"], "statement": [statement]}
    for id_, (dashboard, panel) in PANELS.items():
        length = timedelta(hours=24) if dashboard.clock is Clock.ARRIVALS else _RANGE
        scope = Scope(END - length, END, 86_400, chosen_values(dashboard.variables, asked))
        yield _cost(client, id_, expand(panel.sql, scope), scan)


def _cost(client: Client, panel: str, sql: str, scan: float) -> Cost:
    try:
        scans = _timed(client, sql) / scan
        if scans > BUDGET:
            scans = min(scans, _timed(client, sql) / scan)
    except ClickHouseError as error:
        return Cost(panel, float("nan"), str(error).splitlines()[0][:60])
    return Cost(panel, scans)


def _timed(client: Client, sql: str) -> float:
    started = time.perf_counter()
    client.query(sql, settings=_SETTINGS)
    return time.perf_counter() - started


def main(arguments: Sequence[str] | None = None) -> int:
    """Fill, measure, print. Returns 1 when a panel gave no answer or is beyond the budget."""
    parser = argparse.ArgumentParser(description="What each panel's query costs, as a ratio to a full scan.")
    parser.add_argument("--rows", type=int, default=10_000_000, help="learning events (default: ten million)")
    parser.add_argument("--page", action="store_true", help=f"write {PAGE.name}")
    options = parser.parse_args(arguments)
    console = Console()
    with year(options.rows) as client:
        scan = full_scan(client)
        console.print(f"{options.rows:,} events, a full scan of them: {scan:.2f} s")
        found = []
        for cost in costs(client, scan):
            console.print(f"{cost.panel}: {cost.fault or f'{cost.scans:.2f}'}")
            found.append(cost)
    beyond = [cost for cost in found if not cost.scans <= BUDGET]
    console.print(f"{len(found)} panels, {len(beyond)} beyond the budget; {_where()}")
    if options.page:
        PAGE.write_text(_written(PAGE.read_text("utf-8"), options.rows, found), "utf-8")
    return 1 if beyond else 0


def _written(page: str, rows: int, found: Sequence[Cost]) -> str:
    head, _, rest = page.partition(_BEGIN)
    _, _, tail = rest.partition(_END)
    lines = [
        f"{rows:,} events; {len(found)} panels; budget {BUDGET:g} full scans. {_where()}.",
        "",
        "| panel | full scans |",
        "| --- | ---: |",
        *(f"| {cost.panel} | {cost.fault or f'{cost.scans:.2f}'} |" for cost in _dearest_first(found)),
    ]
    return f"{head}{_BEGIN}\n\n" + "\n".join(lines) + f"\n\n{_END}{tail}"


def _where() -> str:
    told = machine.describe()
    shared = f", shared, load {told['load_before']}" if told["shared"] else ""
    return f"{told['processors']} processors{shared}"


def _dearest_first(found: Sequence[Cost]) -> list[Cost]:
    return sorted(found, key=lambda cost: (not cost.fault, -cost.scans, cost.panel))


if __name__ == "__main__":
    sys.exit(main())
