"""The chaos suite from the command line: `python -m tests.chaos.run --kills 50 --seed 1`.

Prints what the monkey does, one line of result and up to ten differences. Exit code 1 if anything is lost,
doubled or different. Logs stay in the directory that `--home` names.
"""

import argparse
import asyncio
import shutil
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from tests.chaos.monkey import Temper, script, victims
from tests.chaos.trial import Trial, Verdict, kinds_for, run_trial
from tests.services.kafka import describe, empty_catalogue, new_broker

_SHOWN = 10


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one trial; returns the exit code."""
    options = _parser().parse_args(arguments)
    shutil.rmtree(options.home, ignore_errors=True)
    verdict = asyncio.run(_run(options))
    for line in (*verdict.ended, verdict, *verdict.problems[:_SHOWN]):
        print(line)
    return 1 if verdict.problems else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="tests.chaos.run", description=__doc__)
    parser.add_argument("--kills", type=int, default=50, help="processes to kill")
    parser.add_argument("--seed", type=int, default=1, help="of the script and of the load")
    parser.add_argument("--kafka", choices=["embedded", "apache"], default="embedded")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--learners", type=int, default=80)
    parser.add_argument("--days", type=int, default=90)
    parser.add_argument("--gap", type=float, default=4.0, help="mean seconds between two disturbances")
    parser.add_argument("--home", type=Path, default=Path(".data/chaos"), help="where data and logs go")
    return parser


async def _run(options: argparse.Namespace) -> Verdict:
    started = time.monotonic()

    def say(text: str) -> None:
        print(f"[{time.monotonic() - started:6.1f}] {text}", flush=True)

    with new_broker(options.kafka, options.home / "broker") as broker:
        await empty_catalogue(describe(broker))
        temper = Temper(options.kills, options.gap, kinds_for(broker), moments=True)
        planned = script(options.seed, victims(options.workers), temper)
        trial = Trial(planned, options.seed, options.workers, options.learners, options.days)
        return await run_trial(trial, broker, options.home / "data", {}, say)


if __name__ == "__main__":
    sys.exit(main())
