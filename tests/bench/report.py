"""What was measured, as tables for people and as `bench.json` for comparisons over time."""

import dataclasses
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from tests.bench.contest import Showing
from tests.bench.core import Growth
from tests.bench.freshness import Flow
from tests.bench.stores import Stored
from tests.bench.workers import Pace

_MILLION = 1_000_000


@dataclass(slots=True)
class Report:
    """What a run has measured; sections that it left out are empty."""

    machine: Mapping[str, Any]
    contest: list[Showing] = field(default_factory=list)
    core: Pace | None = None
    stores: Sequence[Stored] = ()
    workers: dict[int, Pace] = field(default_factory=dict)
    growth: list[Growth] = field(default_factory=list)
    flow: Flow | None = None

    @property
    def ratios(self) -> dict[str, float | None]:
        """How figures compare; None where one of the two was not measured."""
        rates = {one.name: one.per_s for one in self.contest}
        ours = rates.get("Readystream engine")
        grown = {one.learners: one.pace.per_s for one in self.growth}
        paces = {number: one.per_s for number, one in self.workers.items()}
        return {
            "vs_quix": _ratio(ours, rates.get("Quix Streams")),
            "vs_naive_faust": _ratio(ours, rates.get("naive Faust")),
            "vs_raw_aiokafka": _ratio(ours, rates.get("aiokafka")),
            "growth_1e6_over_1e4": _ratio(grown.get(1_000_000), grown.get(10_000)),
            "workers_2_over_1": _ratio(paces.get(2), paces.get(1)),
        }

    def write(self, path: Path) -> None:
        """Write `bench.json`; sections that this run left out stay as an earlier run wrote them."""
        before = json.loads(path.read_text()) if path.exists() else {}
        now = {
            "machine": self.machine,
            "real_core_per_s": self.core and self.core.per_s,
            "real_core_cpu_us": self.core and self.core.cpu_us,
            "recovery_cells_per_s": self.growth[-1].recovery_rows_per_s if self.growth else None,
            "freshness_ms": self.flow
            and {
                f"{stretch.share:.0%}": {"p50": stretch.p50_ms, "p99": stretch.p99_ms}
                for stretch in self.flow.stretches
            },
            "freshness": [dataclasses.asdict(one) for one in self.flow.stretches] if self.flow else [],
            "pipeline_peak_per_s": self.flow and self.flow.peak_per_s,
            "real_core": self.core and _pace(self.core),
            "workers": {str(number): _pace(one) for number, one in self.workers.items()},
            "stores": [dataclasses.asdict(one) for one in self.stores],
            "contest": [dataclasses.asdict(one) for one in self.contest],
            "growth": [_growth(one) for one in self.growth],
        }
        ratios = _merged(before.get("ratios", {}), self.ratios)
        path.write_text(json.dumps({**_merged(before, now), "ratios": ratios}, indent=2) + "\n")

    def show(self, console: Console) -> None:
        """Print the tables."""
        for table in self._tables():
            console.print(table)
        for one in self.contest:
            console.print(f"[bold]{one.name}[/bold]: {one.promises}")
        known = [f"{name} {value:.3g}" for name, value in self.ratios.items() if value is not None]
        console.print("Ratios: " + ", ".join(known))
        if self.machine["shared"]:
            load = self.machine["load_before"]
            console.print(f"The machine was busy before the run began (load {load}): trust ratios only.")

    def _tables(self) -> Iterable[Table]:
        if self.contest:
            yield _contest_table(self.contest)
        if self.core or self.workers:
            paces = [("1 worker, 1 core", self.core)] if self.core else []
            paces += [(f"{number} workers, all cores", one) for number, one in self.workers.items()]
            yield _pace_table(paces)
        if self.growth:
            yield _growth_table(self.growth)
        if self.stores:
            yield _store_table(self.stores)
        if self.flow:
            yield _flow_table(self.flow)


def _ratio(one: float | None, other: float | None) -> float | None:
    return one / other if one and other else None


def _merged(before: Mapping[str, Any], now: Mapping[str, Any]) -> dict[str, Any]:
    return {name: before.get(name) if value in (None, [], {}) else value for name, value in now.items()}


def _pace(one: Pace) -> dict[str, Any]:
    return {"per_s": one.per_s, "cpu_us": one.cpu_us, "statements": one.records, "cells": one.cells}


def _growth(one: Growth) -> dict[str, Any]:
    return {
        "learners": one.learners,
        "per_s": one.pace.per_s,
        "cpu_us": one.pace.cpu_us,
        "bytes_per_learner": one.bytes_per_learner,
        "bytes_per_statement": one.bytes_per_statement,
        "resident_mb": one.resident_mb,
        "recovered_rows": one.recovered_rows,
        "recovery_s": one.recovery_s,
    }


def _table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Table:
    table = Table(title=title, title_justify="left")
    for number, column in enumerate(columns):
        table.add_column(column, justify="right" if number else "left")
    for row in rows:
        table.add_row(*row)
    return table


def _contest_table(showings: Sequence[Showing]) -> Table:
    rows = [
        (one.name, f"{one.per_s:,.0f}", f"{one.cpu_us:.1f}", f"{one.records:,}", f"{one.resident_mb:.0f}")
        for one in showings
    ]
    columns = ("reduced work, one core", "records/s", "CPU µs each", "records", "resident MB")
    return _table("The contest", columns, rows)


def _pace_table(paces: Sequence[tuple[str, Pace]]) -> Table:
    rows = [
        (name, f"{one.per_s:,.0f}", f"{one.cpu_us:.0f}", f"{one.records:,}", f"{one.cells / one.records:.2f}")
        for name, one in paces
    ]
    columns = ("a company's statements", "statements/s", "CPU µs each", "statements", "cells each")
    return _table("The real core", columns, rows)


def _growth_table(grown: Sequence[Growth]) -> Table:
    rows = [
        (
            f"{one.learners:,}",
            f"{one.pace.per_s:,.0f}",
            f"{one.pace.cpu_us:.0f}",
            f"{one.bytes_per_learner:,.0f}",
            f"{one.bytes_per_statement:,.0f}",
            f"{one.resident_mb:,.0f}",
            f"{one.recovery_rows_per_s:,.0f}",
            f"{_MILLION / one.recovery_rows_per_s:.1f}",
        )
        for one in grown
    ]
    columns = (
        "learners, a crowd",
        "statements/s",
        "CPU µs each",
        "state B/learner",
        "ledger B/statement",
        "resident MB",
        "restored rows/s",
        "s per million",
    )
    return _table("Growth and recovery, one worker, one core", columns, rows)


def _store_table(stored: Sequence[Stored]) -> Table:
    rows = [
        (
            one.store,
            f"{one.rows:,}",
            f"{one.write_us:.1f}",
            f"{one.get_us:.1f}",
            f"{one.scan_us:.1f}",
            f"{one.resident_mb:,.0f}",
            "from the changelog" if one.reopen_s is None else f"{one.reopen_s:.2f}",
        )
        for one in stored
    ]
    columns = ("rows", "number", "write µs", "read µs", "owner's µs", "resident MB", "reopening s")
    return _table("Where rows could lie", columns, rows)


def _flow_table(flow: Flow) -> Table:
    rows = [
        (
            f"{one.share:.0%}",
            f"{one.rate:,.0f}",
            f"{one.p50_ms:,.0f}",
            f"{one.p99_ms:,.0f}",
            f"{one.worker_p50_ms:,.0f}",
            f"{one.worker_p99_ms:,.0f}",
            f"{one.statements:,}",
        )
        for one in flow.stretches
    ]
    title = f"Freshness of the whole pipeline on this machine (peak {flow.peak_per_s:,.0f} statements/s)"
    return _table(
        title, ("load", "statements/s", "p50 ms", "p99 ms", "sent p50", "sent p99", "statements"), rows
    )
