"""The figures of the pages about performance and sizing, from a run: `python -m tests.bench.page bench.json`.

The run's figures are kept beside the page, so that every number on it can be looked up, and a test holds
the two together.
"""

import json
import shutil
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.bench import sizing

_DOCS = Path(__file__).parents[2] / "docs"
PAGE, FIGURES = _DOCS / "performance.md", _DOCS / "performance.json"
_BEGIN, _END = "<!-- figures: written by tests.bench.page -->", "<!-- /figures -->"
_FRESH_MS = 1000
_FRESHNESS = ("rate", "p50_ms", "p99_ms", "worker_p50_ms", "worker_p99_ms", "statements")

Run = Mapping[str, Any]


def main() -> None:
    """Keep the figures of a run and write them into the pages."""
    shutil.copyfile(sys.argv[1], FIGURES)
    run = json.loads(FIGURES.read_text("utf-8"))
    PAGE.write_text(written(PAGE.read_text("utf-8"), run), "utf-8")
    if len(run.get("growth") or ()) > 1:  # a run may leave out sections
        sizing.PAGE.write_text(sizing.written(sizing.PAGE.read_text("utf-8"), run), "utf-8")


def written(page: str, run: Run) -> str:
    """The page with the figures of `run`."""
    head, _, rest = page.partition(_BEGIN)
    _, _, tail = rest.partition(_END)
    return f"{head}{_BEGIN}\n\n{figures(run)}\n{_END}{tail}"


def figures(run: Run) -> str:
    """All tables of a run; a section that it left out is not there."""
    sections = (_machine, _targets, _contest, _core, _growth, _stores, _freshness)
    return "\n".join(text for section in sections if (text := section(run)))


def _machine(run: Run) -> str:
    machine = run["machine"]
    busy = f" It was shared: load {machine['load_before']} before the run." if machine["shared"] else ""
    return (
        f"Measured on {machine['processors']} processors ({machine['processor']}), {machine['system']}, "
        f"Python {machine['python']}.{busy}\n"
    )


def _targets(run: Run) -> str:
    ratios, fresh = run["ratios"], run.get("freshness_ms") or {}
    at_least = (
        ("reduced work, times Quix Streams", ratios.get("vs_quix"), 4),
        ("reduced work, times naive Faust", ratios.get("vs_naive_faust"), 30),
        ("reduced work, times raw aiokafka", ratios.get("vs_raw_aiokafka"), 0.25),
        ("real core, statements/s on one core", run.get("real_core_per_s"), 12_000),
        ("rate with 10⁶ learners, times that with 10⁴", ratios.get("growth_1e6_over_1e4"), 0.7),
        ("two workers, times one, where cores allow", ratios.get("workers_2_over_1"), 1.7),
        ("recovery, cells/s", run.get("recovery_cells_per_s"), 60_000),
    )
    rows = [
        (name, _number(value), f"at least {bound:,}", _yes(value >= bound))
        for name, value, bound in at_least
        if value is not None
    ]
    if half := fresh.get("50%", {}).get("p99"):
        rows.append(("freshness at half load, p99 ms", _number(half), "below 1,000", _yes(half < _FRESH_MS)))
    return _table("Targets", ("figure", "measured", "target", "reached"), rows)


def _contest(run: Run) -> str:
    shown = run.get("contest") or []
    rows = [
        (
            one["name"],
            _number(one["per_s"]),
            f"{one['cpu_us']:.1f}",
            _number(one["resident_mb"]),
            one["promises"],
        )
        for one in shown
    ]
    columns = ("reduced work, one core", "records/s", "CPU µs each", "resident MB", "guarantee and state")
    return _table("The contest", columns, rows)


def _core(run: Run) -> str:
    paces = [("one worker, one core", run["real_core"])] if run.get("real_core") else []
    paces += [(f"workers: {number}, all cores", one) for number, one in (run.get("workers") or {}).items()]
    rows = [
        (name, _number(one["per_s"]), _number(one["cpu_us"]), _number(one["statements"]))
        for name, one in paces
    ]
    columns = ("a company's statements", "statements/s", "CPU µs each", "statements")
    return _table("The real core", columns, rows)


def _growth(run: Run) -> str:
    rows = [
        (
            _number(one["learners"]),
            _number(one["per_s"]),
            _number(one["cpu_us"]),
            _number(one["bytes_per_learner"]),
            _number(one["bytes_per_statement"]),
            _number(one["resident_mb"]),
            _number(one["recovered_rows"] / one["recovery_s"]),
            f"{1e6 * one['recovery_s'] / one['recovered_rows']:.1f}",
        )
        for one in run.get("growth") or []
    ]
    columns = (
        "learners",
        "statements/s",
        "CPU µs each",
        "state B/learner",
        "ledger B/statement",
        "resident MB",
        "restored cells/s",
        "s per million cells",
    )
    return _table("Growth and recovery", columns, rows)


def _stores(run: Run) -> str:
    rows = [
        (
            one["store"],
            _number(one["rows"]),
            *(f"{one[name]:.1f}" for name in ("write_us", "get_us", "scan_us")),
            _number(one["resident_mb"]),
            "-" if one["reopen_s"] is None else f"{one['reopen_s']:.2f}",
        )
        for one in run.get("stores") or []
    ]
    columns = ("rows", "number", "write µs", "read µs", "an owner's µs", "resident MB", "reopening s")
    return _table("Where rows could lie", columns, rows)


def _freshness(run: Run) -> str:
    rows = [
        (f"{one['share']:.0%}", *(_number(one[name]) for name in _FRESHNESS))
        for one in run.get("freshness") or []
    ]
    peak = run.get("pipeline_peak_per_s")
    title = f"Freshness, the whole pipeline on this machine; its peak: {_number(peak)} statements/s"
    return _table(
        title,
        ("load", "statements/s", "p50 ms", "p99 ms", "p50 when sent", "p99 when sent", "statements"),
        rows,
    )


def _yes(reached: bool) -> str:
    return "yes" if reached else "no"


def _number(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:,.0f}" if value >= 100 else f"{value:.2f}"


def _table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    return "\n".join(_lines(title, columns, rows)) if (rows := list(rows)) else ""


def _lines(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"### {title}\n"
    for row in (columns, ["---", *["---:"] * (len(columns) - 1)], *rows):
        yield f"| {' | '.join(row)} |"
    yield ""


if __name__ == "__main__":
    main()
