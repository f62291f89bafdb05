"""The contest: the same topic, the same reduced work, the same core, one contestant after the other."""

import dataclasses
import json
import sys
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from readystream.embedded import process as processes
from schemas.errors import UnavailableError
from tests.bench import machine
from tests.bench.contestants.meter import RESULT, Task
from tests.bench.records import make_topics, produce
from tests.bench.reduced import reduced_records
from tests.services.kafka import PARTITIONS, Kafka

_TOPIC = "bench.reduced"
# Quix Streams asks for how long a topic is kept, and not every broker tells its default.
_KEPT = {"cleanup.policy": "delete", "retention.ms": "604800000"}
_START_S = 60.0


@dataclass(frozen=True, slots=True)
class Contestant:
    """A program of `tests.bench.contestants`. `needs_rivals`: it runs in the environment of the rivals."""

    name: str
    module: str
    promises: str
    needs_rivals: bool = False


CONTESTANTS = (
    Contestant("aiokafka", "raw_aiokafka", "no work and no state: the ceiling of the client we use"),
    Contestant("confluent-kafka", "raw_confluent", "no work and no state: the ceiling of librdkafka", True),
    Contestant(
        "Readystream engine",
        "engine",
        "effects once: changelog before the position; rows in memory, one per id, learner, window",
    ),
    Contestant(
        "Quix Streams",
        "quix",
        "at least once, a checkpoint a second; rows in RocksDB on disk, one per id, learner, window",
        True,
    ),
    Contestant(
        "naive Faust",
        "naive_faust",
        "at least once, a fault acknowledges the event; rows in memory, a changelog record for every write",
    ),
)


@dataclass(frozen=True, slots=True)
class Showing:
    """What a contestant showed. `records` is what it consumed in all, `distinct` those that it counted."""

    name: str
    records: int
    per_s: float
    cpu_us: float
    distinct: int
    resident_mb: float
    promises: str


async def fill(kafka: Kafka, records: int) -> None:
    """Make and fill the topic."""
    await make_topics(kafka.bootstrap, [_TOPIC], PARTITIONS, _KEPT)
    await produce(kafka.bootstrap, _TOPIC, PARTITIONS, reduced_records(records))


def showings(
    kafka: Kafka, home: Path, rivals: Path | None, records: int, limit_s: float
) -> Iterator[Showing]:
    """Let one contestant after the other consume the topic; `rivals` is a Python that has their libraries."""
    for contestant in CONTESTANTS:
        group = f"bench-{uuid.uuid4().hex[:8]}"
        task = Task(
            bootstrap=kafka.bootstrap,
            topic=_TOPIC,
            partitions=PARTITIONS,
            records=records,
            limit_s=limit_s,
            group=group,
            home=str(home / group),
            idempotence=not kafka.is_embedded,
        )
        python = rivals if contestant.needs_rivals else Path(sys.executable)
        if python is not None:
            yield _showing(contestant, _run(contestant, task, python, home / f"{contestant.module}.log"))


def _run(contestant: Contestant, task: Task, python: Path, log: Path) -> Mapping[str, Any]:
    options = json.dumps(dataclasses.asdict(task))
    # Faust's own command line takes the arguments: the task goes before them.
    arguments = [options, "worker"] if contestant.module == "naive_faust" else [options]
    told: Mapping[str, Any] = tell(python, contestant.module, arguments, log, _START_S + 2 * task.limit_s)
    return told


def tell(python: Path, module: str, arguments: Sequence[str], log: Path, limit_s: float) -> Any:
    """What a program of `tests.bench.contestants`, on one core, tells within `limit_s` seconds."""
    process = processes.spawn([str(python), "-m", f"tests.bench.contestants.{module}", *arguments], log)
    machine.on_one_core(process)
    try:
        processes.wait_until(lambda: RESULT in log.read_text(), process, module, log, limit_s)
    except UnavailableError:
        if RESULT not in log.read_text():  # it may have ended right after telling
            raise
    finally:
        processes.terminate(process)
    return json.loads(log.read_text().partition(RESULT)[2].splitlines()[0])


def _showing(contestant: Contestant, told: Mapping[str, Any]) -> Showing:
    return Showing(
        name=contestant.name,
        records=told["records"],
        per_s=told["measured"] / told["seconds"],
        cpu_us=told["cpu_s"] / told["measured"] * 1e6,
        distinct=told["distinct"],
        resident_mb=told["resident_mb"],
        promises=contestant.promises,
    )
