"""From what somebody did to the statement that a sender makes of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from readystream.dev.generator.company import Persona
from readystream.dev.generator.delivery import Statement
from readystream.dev.generator.senders import Sender, any_time_format
from readystream.dev.generator.verbs import Verb

_VERSION_4 = 0x40008 << 60
_VERSION_BITS = 0xF000C << 60


@dataclass(slots=True)
class Deed:
    """What somebody did, the statement about it, and what it is meant to count for.

    `at` is the true instant (UTC), whatever the statement's timestamp says; `skewed` marks a statement
    whose timestamp lies years ahead, so that a receiver dates it by its arrival.
    """

    persona: Persona
    sender: Sender
    verb: Verb
    at: datetime
    statement: Statement
    completions: int = 0
    passes: int = 0
    fails: int = 0
    skewed: bool = False
    voided: bool = False


def new_uuid(rng: Random) -> str:
    """A random UUID (version 4) that the seed decides."""
    digits = f"{rng.getrandbits(128) & ~_VERSION_BITS | _VERSION_4:032x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def iso_duration(seconds: float) -> str:
    """ISO 8601 duration to the hundredth of a second, as cmi5 and SCORM players write it."""
    minutes, rest = divmod(round(seconds, 2), 60)
    return f"PT{minutes:.0f}M{rest:.2f}S" if minutes else f"PT{rest:.2f}S"


class Recorder:
    """Takes down one session of one persona: time goes on with `wait`, statements come from `say`."""

    def __init__(self, rng: Random, persona: Persona, sender: Sender, start: datetime) -> None:
        self.rng = rng
        self.deeds: list[Deed] = []
        self.started = self.now = start.replace(microsecond=rng.randrange(1000) * 1000)
        self._persona = persona
        self._sender = sender
        self._actor = persona.actor(rng)
        self._written = any_time_format(rng)
        self._context: Mapping[str, Any] = {"platform": sender.platform}

    @property
    def elapsed(self) -> float:
        """Seconds since the session began."""
        return (self.now - self.started).total_seconds()

    def wait(self, least: float, most: float) -> float:
        """Let between `least` and `most` seconds go by; answers how many."""
        seconds = round(self.rng.uniform(least, most), 3)
        self.now += timedelta(seconds=seconds)
        return seconds

    def say(
        self,
        verb: Verb,
        target: Mapping[str, Any],
        result: Mapping[str, Any] | None = None,
        context: Mapping[str, Any] | None = None,
        *,
        completions: int = 0,
        passes: int = 0,
        fails: int = 0,
    ) -> Deed:
        """State that the persona did `verb` to `target` just now."""
        statement: Statement = {
            "id": new_uuid(self.rng),
            "actor": self._actor,
            "verb": verb.spellings[self._sender.spelling],
            "object": target,
        }
        if result is not None:
            statement["result"] = result
        statement["context"] = self._context if context is None else {**self._context, **context}
        statement["timestamp"] = self._written(self.now)
        if self._sender.version:
            statement["version"] = self._sender.version
        deed = Deed(self._persona, self._sender, verb, self.now, statement, completions, passes, fails)
        self.deeds.append(deed)
        return deed


def stamp_arrival(deed: Deed, arrival: datetime) -> None:
    """Add what the forwarding LRS adds when it stores the statement: `stored` and its `authority`."""
    if deed.sender.authority is not None:
        deed.statement["stored"] = arrival.astimezone(UTC).isoformat(timespec="milliseconds")
        deed.statement["authority"] = deed.sender.authority
