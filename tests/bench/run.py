"""The benchmarks from the command line: `python -m tests.bench.run --quick`, or sections by name.

Prints tables and writes `bench.json`. Whatever is compared runs in one go on one machine: figures of
different machines say nothing about each other.
"""

import argparse
import asyncio
import shutil
import time
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from rich.console import Console

from tests.bench import contest, core, freshness, machine, stores
from tests.bench.report import Report
from tests.services import kafka as kafkas
from tests.services.kafka import Kafka


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much of everything. `limit_s` bounds each contestant, `stretch_s` each load of the freshness."""

    records: int
    limit_s: float
    statements: int
    further: int
    learners: tuple[int, ...]
    flow: int
    stretch_s: float


QUICK = Sizes(40_000, 6.0, 20_000, 6_000, (1_000, 10_000), 3_000, 6.0)
FULL = Sizes(200_000, 20.0, 60_000, 20_000, (1_000, 10_000, 100_000, 1_000_000), 20_000, 30.0)


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do, and with what."""

    sizes: Sizes
    kafka: kafkas.KafkaKind
    rivals: Path | None
    home: Path

    @contextmanager
    def broker(self, section: str) -> Iterator[Kafka]:
        """A broker of the section's own."""
        with kafkas.running(self.kafka, self.home / section) as kafka:
            yield kafka


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the sections that were asked for."""
    options = _parser().parse_args(arguments)
    sizes = QUICK if options.quick else FULL
    if options.learners:
        sizes = replace(sizes, learners=tuple(options.learners))
    plan = Plan(sizes, options.kafka, options.rivals and options.rivals.absolute(), options.home)
    console = Console()
    report = Report(machine.describe())
    shutil.rmtree(options.home, ignore_errors=True)
    for section in options.sections or SECTIONS:
        started = time.monotonic()
        asyncio.run(SECTIONS[section](plan, report))
        console.print(f"[dim]{section}: {time.monotonic() - started:.0f} s[/dim]")
    report.show(console)
    report.write(options.out)
    console.print(f"Written to {options.out}")


async def _contest(plan: Plan, report: Report) -> None:
    sizes = plan.sizes
    with machine.first_core_left_alone(), plan.broker("contest") as kafka:
        await contest.fill(kafka, sizes.records)
        report.contest += contest.showings(
            kafka, plan.home / "contest", plan.rivals, sizes.records, sizes.limit_s
        )


async def _core(plan: Plan, report: Report) -> None:
    with machine.first_core_left_alone(), plan.broker("core") as kafka:
        report.core = await core.pace(kafka, plan.home / "core", plan.sizes.statements, [machine.on_one_core])


async def _stores(plan: Plan, report: Report) -> None:
    if plan.rivals is not None:
        learners = plan.sizes.learners[-1] // 4
        report.stores = stores.compare(plan.rivals, plan.home / "stores", learners)


async def _workers(plan: Plan, report: Report) -> None:
    for number in (1, 2):
        name = f"workers-{number}"
        with plan.broker(name) as kafka:
            places = [machine.on_all_cores] * number
            report.workers[number] = await core.pace(kafka, plan.home / name, plan.sizes.statements, places)


async def _growth(plan: Plan, report: Report) -> None:
    for learners in plan.sizes.learners:
        name = f"growth-{learners}"
        with machine.first_core_left_alone(), plan.broker(name) as kafka:
            grown = await core.growth(kafka, plan.home / name, learners, plan.sizes.further)
            report.growth.append(grown)


async def _freshness(plan: Plan, report: Report) -> None:
    report.flow = await freshness.measure(plan.home / "freshness", plan.sizes.flow, plan.sizes.stretch_s)


SECTIONS: Mapping[str, Callable[[Plan, Report], Coroutine[Any, Any, None]]] = {
    "contest": _contest,
    "core": _core,
    "stores": _stores,
    "workers": _workers,
    "growth": _growth,
    "freshness": _freshness,
}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="tests.bench.run", description=__doc__)
    parser.add_argument(
        "sections",
        nargs="*",
        metavar="SECTION",
        choices=[[], *SECTIONS],
        help=f"of {', '.join(SECTIONS)}; else all",
    )
    parser.add_argument("--quick", action="store_true", help="small sizes: about three minutes")
    parser.add_argument("--kafka", choices=["embedded", "apache"], default="embedded")
    parser.add_argument(
        "--learners", type=int, nargs="+", help="sizes of the growth section, such as 1000000"
    )
    parser.add_argument("--rivals", type=Path, help="Python that has quixstreams and confluent-kafka")
    parser.add_argument("--home", type=Path, default=Path(".data/bench"), help="where data and logs go")
    parser.add_argument("--out", type=Path, default=Path("bench.json"))
    return parser


if __name__ == "__main__":
    main()
