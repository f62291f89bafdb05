"""A few kills: what was acknowledged is there, once, and every figure is what the log says."""

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

from tests.chaos.monkey import BROKER, Temper, script
from tests.chaos.trial import Trial, run_trial
from tests.services.clickhouse import Database
from tests.services.kafka import Broker, describe, empty_catalogue

_VICTIMS = ("adapter", "sink", "worker-1", "worker-2")


async def test_figures_survive_a_few_kills(
    private_broker: Callable[[], Broker], database: Database, tmp_path: Path
) -> None:
    broker = private_broker()
    await empty_catalogue(describe(broker))
    trial = Trial(kills=4, seed=3, gap_s=2.0)
    verdict = await run_trial(trial, broker, tmp_path / "data", database.environment, print)
    assert verdict.kills == 4
    assert verdict.statements > 500
    assert verdict.problems == [], verdict


def test_the_same_seed_gives_the_same_script() -> None:
    temper = Temper(kills=50, gap_s=2.0, broker_kinds=("freeze",), long_freezes=True)
    planned = script(7, _VICTIMS, temper)
    assert planned == script(7, _VICTIMS, temper) != script(8, _VICTIMS, temper)
    assert sum(one.kind == "kill" for one in planned) == 50
    assert {one.victim for one in planned} == {*_VICTIMS, BROKER}


def test_nobody_is_struck_again_before_being_back() -> None:
    planned = script(7, _VICTIMS, Temper(kills=50, gap_s=1.0, broker_kinds=("freeze",), long_freezes=True))
    for victim in (*_VICTIMS, BROKER):
        theirs = [one for one in planned if one.victim == victim]
        assert all(one.at_s + one.away_s < later.at_s for one, later in pairwise(theirs))
