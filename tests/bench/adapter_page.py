"""The figures of `docs/performance-adapter.md`, written from a run.

`python -m tests.bench.adapter_page adapter.json` writes them. The run's figures are kept beside the page, and
a test holds the two together.
"""

import json
import shutil
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

_DOCS = Path(__file__).parents[2] / "docs"
PAGE, FIGURES = _DOCS / "performance-adapter.md", _DOCS / "performance-adapter.json"
_BEGIN, _END = "<!-- figures: written by tests.bench.adapter_page -->", "<!-- /figures -->"
_TIMES_RALPH, _P99_MS = 10, 50

Run = Mapping[str, Any]


def main() -> None:
    """Keep the figures of a run and write them into the page."""
    shutil.copyfile(sys.argv[1], FIGURES)
    PAGE.write_text(written(PAGE.read_text("utf-8"), json.loads(FIGURES.read_text("utf-8"))), "utf-8")


def written(page: str, run: Run) -> str:
    """The page with the figures of `run`."""
    head, _, rest = page.partition(_BEGIN)
    _, _, tail = rest.partition(_END)
    return f"{head}{_BEGIN}\n\n{figures(run)}\n{_END}{tail}"


def figures(run: Run) -> str:
    """All figures of a run, as Markdown."""
    return "\n".join(_lines(run))


def _lines(run: Run) -> Iterator[str]:
    machine, half, held = run["machine"], run["half_load"], run["connections"]
    busy = f" It had other work: load {machine['load_before']} before the run." if machine["shared"] else ""
    yield f"{machine['processors']} processors ({machine['processor']}), Python {machine['python']}.{busy}\n"
    yield "| batch | Readystream, statements/s | Ralph | times Ralph | CPU µs per statement | Ralph |"
    yield "| ---: | ---: | ---: | ---: | ---: | ---: |"
    yield from map(_row, run["batches"])
    yield f"\nBatches of {half['batch']} at half load ({half['requests_per_s']:.0f} requests/s):"
    yield f"p50 {half['p50_ms']:.0f} ms, p99 {half['p99_ms']:.0f} ms."
    yield f"{held['open']:,} open connections: {held['ok']:,} of {held['posts']:,} posts were answered 200,"
    yield f"the process held {held['mb']:.0f} MB.\n"
    yield f"Asked for: {_TIMES_RALPH} times Ralph at every size, {_reached(run)};"
    yield f"a p99 below {_P99_MS} ms, {'reached' if half['p99_ms'] < _P99_MS else 'not reached'}.\n"


def _row(one: Mapping[str, Any]) -> str:
    own, theirs = one["per_s"], one["ralph_per_s"]
    costs = f"{one['cpu_us']:.0f} | {one['ralph_cpu_us']:,.0f}"
    return f"| {one['batch']} | {own:,.0f} | {theirs:,.0f} | {own / theirs:.1f} | {costs} |"


def _reached(run: Run) -> str:
    sizes = [str(one["batch"]) for one in run["batches"] if one["per_s"] >= _TIMES_RALPH * one["ralph_per_s"]]
    return f"reached for batches of {', '.join(sizes)} alone" if sizes else "not reached"


if __name__ == "__main__":
    main()
