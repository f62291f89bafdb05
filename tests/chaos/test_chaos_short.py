"""A short trial: what was acknowledged is there, once, and every figure is what the log says."""

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import get_args

from tests.chaos.monkey import BROKER, SESSION_S, Disturbance, Temper, script, victims
from tests.chaos.trapped import Moment
from tests.chaos.trial import Trial, kinds_for, run_trial
from tests.services.clickhouse import Database
from tests.services.kafka import Broker, describe, empty_catalogue

_VICTIMS = victims(2)


async def test_figures_survive_kills_after_every_step_and_a_worker_that_wakes_too_late(
    private_broker: Callable[[], Broker], database: Database, tmp_path: Path
) -> None:
    broker = private_broker()
    await empty_catalogue(describe(broker))
    *after_steps, before_append = get_args(Moment)
    planned = [
        *(
            Disturbance(2.0 + 3 * number, f"worker-{number % 2 + 1}", "kill", 0.5, moment)
            for number, moment in enumerate(after_steps)
        ),
        Disturbance(3.0, "sink", "kill", 1.0),
        Disturbance(6.0, "adapter", "kill", 1.0),
        Disturbance(9.0, BROKER, kinds_for(broker)[0], 1.5),
        Disturbance(18.0, "worker-1", "freeze", 2 * SESSION_S + 4, before_append),
    ]
    trial = Trial(sorted(planned, key=lambda one: one.at_s), seed=4)
    verdict = await run_trial(trial, broker, tmp_path / "data", database.environment, print)
    assert set(verdict.struck) == set(planned)
    assert verdict.kills == len(after_steps) + 2
    assert verdict.statements > 500
    assert verdict.problems == [], verdict


def test_the_same_seed_gives_the_same_script() -> None:
    temper = Temper(kills=50, gap_s=2.0, broker_kinds=("freeze",), moments=True)
    planned = script(7, _VICTIMS, temper)
    assert planned == script(7, _VICTIMS, temper) != script(8, _VICTIMS, temper)
    assert sum(one.kind == "kill" for one in planned) == 50
    assert {one.victim for one in planned} == {*_VICTIMS, BROKER}
    assert {one.moment for one in planned} == {None, *get_args(Moment)}


def test_nobody_is_struck_again_before_being_back() -> None:
    planned = script(7, _VICTIMS, Temper(kills=50, gap_s=1.0, broker_kinds=("freeze",), moments=True))
    for victim in (*_VICTIMS, BROKER):
        theirs = [one for one in planned if one.victim == victim]
        assert all(one.at_s + one.away_s < later.at_s for one, later in pairwise(theirs))
