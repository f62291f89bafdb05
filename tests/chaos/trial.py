"""One trial: load, disturbance, settling, judgement; then everything again from what the workers kept.

The second half is the audit. Right figures could still stand on a damaged changelog, which only the next
restart would show. So all workers are killed, and start again on the next day: they rebuild their tables,
the passing of the day makes them publish every figure anew, the HR feed comes once more and with it every
cell of everybody in it, and all statements are sent again, which the ledger has to recognise.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from readystream.dev.generator import Delivery, Simulation, generate
from readystream.dev.local import LocalPipeline
from readystream.dev.lrs import ForwardResult, forward
from readystream.dev.stack import Part, Stack
from readystream.embedded.broker import EmbeddedBroker
from schemas.errors import UnavailableError
from tests.chaos import held as store
from tests.chaos.alerts import doubled_alerts, lost_alerts
from tests.chaos.catalogue import SkillCatalogue
from tests.chaos.compare import differing
from tests.chaos.log import read_log
from tests.chaos.monkey import BROKER, Disturbance, Kind, Monkey, is_kill
from tests.chaos.recompute import recompute
from tests.chaos.trapped import TrappedWorker
from tests.services.kafka import Broker, describe

AS_OF = date(2026, 6, 30)

_CONFIG = Path(__file__).parents[2] / "config"
_UNDELAYED = 0.75  # of the time; in the rest of it nobody answers
_PATIENCE_S = 600.0  # of a sender: between two outages there may be no time for its next try
_SETTLE_S = 150.0
_POLL_S = 0.3
_OUTDATED = """
SELECT (SELECT count() FROM current_engagement WHERE as_of != {as_of:Date32})
     + (SELECT count() FROM current_skills WHERE as_of != {as_of:Date32})
     + (SELECT count() FROM current_readiness WHERE as_of != {as_of:Date32})
"""

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Trial:
    """What is tried: `learners` and `days` of generated learning against the `planned` disturbances."""

    planned: Sequence[Disturbance]
    seed: int
    workers: int = 2
    learners: int = 25
    days: int = 30


@dataclass(slots=True)
class Verdict:
    """What came of it, a sentence for each thing that is wrong. `ended`: parts that ended by themselves."""

    struck: list[Disturbance] = field(default_factory=list)
    statements: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    differing: list[str] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)

    @property
    def kills(self) -> int:
        """Processes of ours that were killed."""
        return sum(map(is_kill, self.struck))

    @property
    def problems(self) -> list[str]:
        """Everything that is wrong."""
        return [*self.lost, *self.doubled, *self.differing]

    def __str__(self) -> str:
        return (
            f"kills={self.kills} statements={self.statements} lost={len(self.lost)} "
            f"doubled={len(self.doubled)} differing_cells={len(self.differing)}"
        )


async def run_trial(trial: Trial, broker: Broker, home: Path, given: Mapping[str, str], say: Say) -> Verdict:
    """Run one trial on a started `broker` whose topics are empty. `given` is as for `LocalPipeline`."""
    settings = {"READYSTREAM_SWEEP_INTERVAL_S": "2"}
    pipeline = LocalPipeline(home, AS_OF, 0, {**given, **describe(broker).environment, **settings})
    try:
        await pipeline.start()
        await _start_workers(pipeline.stack, trial.workers)
        store.count_arrivals(pipeline.client())
        return await _Run(trial, pipeline, broker, say).all()
    finally:
        pipeline.stop()


@dataclass(slots=True)
class _Run:
    """A trial under way."""

    trial: Trial
    pipeline: LocalPipeline
    broker: Broker
    say: Say
    forwarded: ForwardResult = field(default_factory=ForwardResult)
    verdict: Verdict = field(default_factory=Verdict)

    async def all(self) -> Verdict:
        trial = self.trial
        simulation = generate(trial.learners, trial.days, trial.seed, AS_OF - timedelta(days=1))
        await self._disturb(simulation)
        await self._judge("after the disturbance", AS_OF)
        await self._audit(simulation)
        await self._judge("after the audit", AS_OF + timedelta(days=1))
        return self.verdict

    # ── disturbance ──

    async def _disturb(self, simulation: Simulation) -> None:
        parts = {part.name: part for part in self.pipeline.stack.parts}
        planned = self.trial.planned
        monkey = Monkey({**parts, BROKER: self.broker}, self.say)
        async with asyncio.TaskGroup() as group:
            supervisor = group.create_task(monkey.supervise())
            await asyncio.gather(monkey.play(planned), self._load(simulation, planned[-1].at_s))
            await self._settle(self._is_drained)
            supervisor.cancel()
        self.verdict.struck, self.verdict.ended = monkey.struck, monkey.ended

    async def _load(self, simulation: Simulation, seconds: float) -> None:
        """Forward everything, evenly over so many seconds less delays, with the HR feed in the middle."""
        deliveries = simulation.deliveries
        rate = sum(len(delivery.statements) for delivery in deliveries) / (_UNDELAYED * seconds)
        cut = round(len(deliveries) * simulation.hr_after)
        await self._send(deliveries[:cut], rate)
        await asyncio.gather(self._import(simulation.people_csv), self._send(deliveries[cut:], rate))

    async def _send(self, deliveries: Sequence[Delivery], rate: float | None) -> None:
        key, secret = self.pipeline.credential.split(":")
        await forward(
            deliveries,
            self.pipeline.endpoint,
            key=key,
            secret=secret,
            rate=rate,
            patience_s=_PATIENCE_S,
            result=self.forwarded,
        )

    async def _import(self, people_csv: str) -> None:
        while True:
            try:
                return await self.pipeline.import_people(people_csv)
            except UnavailableError as error:
                self.say(f"the import is tried again: {error}")
                await asyncio.sleep(1.0)

    # ── settling ──

    async def _settle(self, *settled: Callable[[], Awaitable[bool]]) -> None:
        """Return once each of `settled` holds, one after the other. `UnavailableError` if they do not."""
        try:
            async with asyncio.timeout(_SETTLE_S):
                for holds in settled:
                    while not await holds():  # noqa: ASYNC110 - no event tells it: others' state
                        await asyncio.sleep(_POLL_S)
        except TimeoutError:
            raise UnavailableError(f"the pipeline did not settle within {_SETTLE_S:g} s") from None
        self.say("settled")

    async def _is_drained(self) -> bool:
        probe = self.pipeline.probe()
        await probe.start()
        try:
            return await probe.is_drained()
        finally:
            await probe.stop()

    # ── audit ──

    async def _audit(self, simulation: Simulation) -> None:
        stack = self.pipeline.stack
        stack.env["READYSTREAM_AS_OF"] = (AS_OF + timedelta(days=1)).isoformat()
        workers = [part for part in stack.parts if part.name.startswith("worker")]
        for worker in workers:
            worker.kill()
            stack.parts.remove(worker)
            worker.close()
        self.say("all workers are killed and begin again on the next day")
        started = [stack.start_worker(number + 1) for number in range(self.trial.workers)]
        await self._import(simulation.people_csv)
        await self._send(simulation.deliveries, None)
        await self._settle(lambda: _are_ready(started), self._is_of_the_next_day, self._is_drained)

    async def _is_of_the_next_day(self) -> bool:
        asked = {"as_of": AS_OF + timedelta(days=1)}
        [(rows,)] = self.pipeline.client().query(_OUTDATED, parameters=asked).result_rows
        return bool(rows == 0)

    # ── judgement ──

    async def _judge(self, when: str, as_of: date) -> None:
        log = await read_log(self.pipeline.stack.bootstrap)
        client = self.pipeline.client()
        accepted = set(self.forwarded.accepted_ids)
        self.verdict.statements = len(accepted)
        known = {
            "the log": log.statement_ids,
            "ClickHouse": store.statement_ids(client, "accepted_statements"),
            "the learning events": store.statement_ids(client, "learning_events"),
        }
        self.verdict.lost += [
            f"{when}: {one} is not in {where}"
            for where, ids in known.items()
            for one in sorted(accepted - ids)
        ]
        alerts = [record.value for record in log.alerts]
        self.verdict.lost += [f"{when}: {one}" for one in lost_alerts(alerts)]
        doubled = [*store.doubled(client), *doubled_alerts(alerts)]
        self.verdict.doubled += [f"{when}: {one}" for one in doubled]
        recomputed = recompute(log, SkillCatalogue.load(_CONFIG), as_of)
        found = [*differing(recomputed, store.held(client)), *store.dead_letters(client)]
        self.verdict.differing += [f"{when}: {one}" for one in found]
        persons = len({cell[1] for cell in recomputed})
        self.say(f"{when}: {len(recomputed)} cells of {persons} persons compared, {len(alerts)} alerts seen")


def kinds_for(broker: Broker) -> Sequence[Kind]:
    """What may be done to the broker: the embedded one keeps nothing over a restart."""
    return ("freeze",) if isinstance(broker, EmbeddedBroker) else ("kill", "stop")


async def _start_workers(stack: Stack, workers: int) -> None:
    for number in range(workers):
        worker = TrappedWorker(number + 1, stack.log_dir, stack.data_dir, stack.env)
        stack.parts.append(worker)
        worker.start()
        await asyncio.to_thread(worker.wait_ready)


async def _are_ready(parts: Sequence[Part]) -> bool:
    return all([await asyncio.to_thread(part.answers) for part in parts])
