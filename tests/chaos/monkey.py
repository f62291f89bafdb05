"""A seeded script of disturbances, and the hand that carries it out."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from signal import SIGKILL, SIGSTOP
from typing import Literal, get_args

from readystream.embedded.service import Service
from tests.chaos.trapped import Moment, TrappedWorker

Kind = Literal["kill", "stop", "freeze"]

BROKER = "broker"
SESSION_S = 6.0  # of the development runtime: who is silent for longer has lost what was theirs

_FIRST_S = 2.0
_KILLED, _STOPPED = 0.6, 0.15  # shares; the rest is frozen
_OUTLASTING = 0.25
_WATCH_S = 0.2
_STEPS = get_args(Moment)[:5]


@dataclass(frozen=True, slots=True)
class Disturbance:
    """`victim` is struck `at_s` seconds after the beginning and brought back `away_s` seconds later.

    With a `moment`, a worker is killed or frozen when it next comes to that moment of its work.
    """

    at_s: float
    victim: str
    kind: Kind
    away_s: float
    moment: Moment | None = None

    def __str__(self) -> str:
        moment = f" {self.moment}" if self.moment else ""
        return f"{self.at_s:6.1f} s  {self.kind} {self.victim}{moment}, back after {self.away_s:.1f} s"


@dataclass(frozen=True, slots=True)
class Temper:
    """How the monkey behaves.

    It ends after `kills` SIGKILLs, strikes every `gap_s` seconds on average, and may do to the broker what
    `broker_kinds` says. With `moments` it kills workers at moments of their work, too, and halts them for
    longer than their session lasts: at any time, while the broker is halted so that something of theirs is
    on its way, or before an append.
    """

    kills: int
    gap_s: float
    broker_kinds: Sequence[Kind]
    moments: bool = False


def is_kill(one: Disturbance) -> bool:
    """Whether a process of ours is killed."""
    return one.kind == "kill" and one.victim != BROKER


def victims(workers: int) -> list[str]:
    """Our processes that are struck."""
    return ["adapter", "sink", *(f"worker-{number + 1}" for number in range(workers))]


def script(seed: int, struck: Sequence[str], temper: Temper) -> list[Disturbance]:
    """Disturbances in order; nobody is struck again before being back for a while. Same seed, same script."""
    rng = Random(seed)
    back_at = dict.fromkeys((*struck, BROKER), 0.0)
    planned: list[Disturbance] = []
    now = _FIRST_S
    while sum(map(is_kill, planned)) < temper.kills:
        free = [victim for victim, back in back_at.items() if back <= now]
        if free:
            for one in _strike(rng, now, _chosen(rng, free), temper):
                if back_at[one.victim] <= one.at_s:
                    planned.append(one)
                    back_at[one.victim] = one.at_s + one.away_s + 1.0
        now += rng.uniform(0.4, 1.6) * temper.gap_s
    return sorted(planned, key=lambda one: one.at_s)


def _chosen(rng: Random, free: Sequence[str]) -> str:
    """Workers carry the state: they are struck more often than the others."""
    return rng.choices(free, [3 if name.startswith("worker") else 1 for name in free])[0]


def _strike(rng: Random, now: float, victim: str, temper: Temper) -> list[Disturbance]:
    if victim == BROKER:
        return [Disturbance(now, BROKER, rng.choice(temper.broker_kinds), rng.uniform(0.5, 3.0))]
    chance = rng.random()
    if chance < _KILLED:
        moment = rng.choice((None, *_STEPS)) if temper.moments and victim.startswith("worker") else None
        return [Disturbance(now, victim, "kill", _absence(rng, victim), moment)]
    if chance < _KILLED + _STOPPED:
        return [Disturbance(now, victim, "stop", rng.uniform(0.0, 3.0))]
    if temper.moments and victim.startswith("worker"):
        return _long_freeze(rng, now, victim)
    return [Disturbance(now, victim, "freeze", rng.uniform(0.5, 0.6 * SESSION_S))]


def _absence(rng: Random, victim: str) -> float:
    """Mostly back at once, as under a supervisor; now and then others have to take over."""
    if victim != "adapter" and rng.random() < _OUTLASTING:
        return SESSION_S + rng.uniform(1.0, 3.0)
    return rng.uniform(0.0, 2.0)


def _long_freeze(rng: Random, now: float, victim: str) -> list[Disturbance]:
    """It ends when somebody else has long gone on; some begin while the broker is halted.

    The session has to run out and the others have to join again before they take over: two sessions' time.
    """
    away_s = 2 * SESSION_S + rng.uniform(3.0, 8.0)
    match rng.randrange(4):
        case 0:
            return [Disturbance(now, victim, "freeze", away_s)]
        case 1:
            return [Disturbance(now - 0.3, BROKER, "freeze", 0.6), Disturbance(now, victim, "freeze", away_s)]
        case _:
            return [Disturbance(now, victim, "freeze", away_s, "before its append")]


@dataclass(slots=True)
class Monkey:
    """Carries a script out on `victims`, and starts again whatever ends by itself, as a supervisor would.

    `say` is told what happens; `struck` and `ended` remember it.
    """

    victims: Mapping[str, Service]
    say: Callable[[str], None]
    struck: list[Disturbance] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)
    _turns: defaultdict[str, asyncio.Lock] = field(default_factory=lambda: defaultdict(asyncio.Lock))

    async def play(self, planned: Sequence[Disturbance]) -> None:
        """Return when the last victim is back."""
        started = asyncio.get_running_loop().time()
        async with asyncio.TaskGroup() as group:
            for one in planned:
                wait_s = started + one.at_s - asyncio.get_running_loop().time()
                await asyncio.sleep(max(0.0, wait_s))
                group.create_task(self._carry_out(one))

    async def _carry_out(self, one: Disturbance) -> None:
        victim = self.victims[one.victim]
        async with self._turns[one.victim]:  # a graceful stop may last until the next strike is due
            self.say(str(one))
            try:
                if await _strike_down(victim, one):
                    self.struck.append(one)
                    await asyncio.sleep(one.away_s)
            finally:
                _bring_back(victim)

    async def supervise(self) -> None:
        """Start again what ended although nobody struck it. Never returns."""
        while True:
            for name, victim in self.victims.items():
                code = victim.process.poll()
                if code is not None and not self._turns[name].locked():
                    self.ended.append(f"{name} ended by itself with code {code}")
                    self.say(self.ended[-1])
                    victim.start()
            await asyncio.sleep(_WATCH_S)


async def _strike_down(victim: Service, one: Disturbance) -> bool:
    """Whether it is down: a worker without work does not come to the moment at which it is to be frozen."""
    if one.moment is not None and isinstance(victim, TrappedWorker):
        caught = await victim.catch(one.moment, SIGKILL if one.kind == "kill" else SIGSTOP)
        if caught or one.kind == "freeze":
            return caught
    match one.kind:
        case "kill":
            victim.kill()
        case "stop":
            await asyncio.to_thread(victim.stop)
        case "freeze":
            victim.freeze()
    return True


def _bring_back(victim: Service) -> None:
    if victim.process.poll() is None:
        victim.thaw()
    else:
        victim.start()
