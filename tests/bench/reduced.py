"""Records for the contest: statements of about 600 bytes, one in fifty sent twice."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

import orjson

from tests.bench.records import BenchRecord

LEARNERS = 5000
_REPEATED = 0.02
_START_MS, _STEP_MS = 1_700_000_000_000, 6
_PADDING = "x" * 380


@dataclass(frozen=True, slots=True)
class _Statement:
    learner: str
    identity: str
    at_ms: int
    duration: int

    @property
    def record(self) -> BenchRecord:
        value = {
            "id": self.identity,
            "actor": {"account": {"name": self.learner}},
            "verb": {"id": "http://adlnet.gov/expapi/verbs/answered"},
            "u": self.learner,
            "ts": self.at_ms,
            "dur": self.duration,
            "ext": _PADDING,
        }
        return BenchRecord(self.learner, orjson.dumps(value))


def reduced_records(count: int, seed: int = 7) -> Iterator[BenchRecord]:
    """`count` records of `LEARNERS` learners, the same for the same seed."""
    chance = Random(seed)
    sent: list[_Statement] = []
    for number in range(count):
        if sent and chance.random() < _REPEATED:
            yield chance.choice(sent).record
            continue
        statement = _Statement(
            learner=f"learner{chance.randrange(LEARNERS):05d}",
            identity=f"{chance.getrandbits(128):032x}",
            at_ms=_START_MS + number * _STEP_MS,
            duration=chance.randrange(1, 600),
        )
        sent.append(statement)
        del sent[:-2000]
        yield statement.record
