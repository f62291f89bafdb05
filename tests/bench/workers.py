"""Stream workers under measurement: the processes of production, watched from outside."""

import asyncio
import json
import time
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Self

import httpx
from prometheus_client.parser import text_string_to_metric_families

from readystream.dev.stack import Part
from schemas.log_events import WORKER_ASSIGNED, WORKER_RECOVERED
from tests.bench import machine
from tests.bench.statements import AS_OF
from tests.services.kafka import Kafka

_POLL_S = 0.1
_QUIET_S = 1.2  # nothing moved for so long: it is done
_TICKS_PER_S = 100  # of /proc, on every Linux
_PAGE_KB = 4


@dataclass(frozen=True, slots=True)
class Reading:
    """What the workers have done so far: records by stage, and the processor time they took, seconds."""

    at_s: float
    persona: int
    person: int
    cpu_s: float


@dataclass(frozen=True, slots=True)
class Pace:
    """What workers did with a backlog: `records` of the persona stage until the person stage was done too."""

    records: int
    seconds: float
    cpu_s: float
    cells: int

    @property
    def per_s(self) -> float:
        """Statements a second, all workers together."""
        return self.records / self.seconds

    @property
    def cpu_us(self) -> float:
        """Processor time for one statement, microseconds."""
        return self.cpu_s / self.records * 1e6


class Workers:
    """Workers of one group; a context manager that ends them."""

    _begun: Reading

    def __init__(
        self,
        kafka: Kafka,
        home: Path,
        placements: Sequence[machine.Placement],
        settings: Mapping[str, str] | None = None,
    ) -> None:
        self._home = home
        self._placements = placements
        self.app_id = f"bench-{uuid.uuid4().hex[:8]}"
        self._env = {
            **kafka.environment,
            "READYSTREAM_APP_ID": self.app_id,
            "READYSTREAM_AS_OF": AS_OF.isoformat(),
            "READYSTREAM_SESSION_TIMEOUT_S": "6",  # the embedded broker waits for half of it
            "READYSTREAM_HEARTBEAT_S": "1",
            "READYSTREAM_REBALANCE_TIMEOUT_S": "6",
            **(settings or {}),
        }
        self._parts: list[Part] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    async def start(self) -> None:
        """Start them; returns when all of them have their partitions."""
        for number, place in enumerate(self._placements):
            env = self._env | {"READYSTREAM_DATA_DIR": str(self._home / f"worker-{number}")}
            part = Part("worker", self._home / f"worker-{number}.log", "READYSTREAM_OPS_PORT", env)
            self._parts.append(part)
            part.start()
            place(part.process)
        for part in self._parts:
            await asyncio.to_thread(part.wait_ready)
        could_fetch = max(self._told(part, WORKER_RECOVERED)["timestamp"] for part in self._parts)
        self._begun = replace(await self.read(), at_s=datetime.fromisoformat(could_fetch).timestamp())

    def stop(self) -> None:
        """End them in good order."""
        while self._parts:
            self._parts.pop().close()

    async def read(self) -> Reading:
        """What they have done so far."""
        counts = [await self._counts(part) for part in self._parts]
        return Reading(
            at_s=time.time(),
            persona=sum(count.get("persona", 0) for count in counts),
            person=sum(count.get("person", 0) for count in counts),
            cpu_s=sum(_cpu_s(part.process.pid) for part in self._parts),
        )

    async def finish(self, records: int) -> Pace:
        """Return once the persona stage has done `records` and the person stage what followed from them.

        Counts from the moment that all workers had restored their tables and could fetch.
        """
        first = last = self._begun
        while last.persona < records or time.time() - last.at_s < _QUIET_S:
            await asyncio.sleep(_POLL_S)
            now = await self.read()
            if (now.persona, now.person) != (last.persona, last.person):
                last = now
            self._require_alive()
        return Pace(
            records=last.persona - first.persona,
            seconds=last.at_s - first.at_s,
            cpu_s=last.cpu_s - first.cpu_s,
            cells=last.person - first.person,
        )

    @property
    def resident_mb(self) -> float:
        """Memory of all of them."""
        pages = [int(Path(f"/proc/{part.process.pid}/statm").read_text().split()[1]) for part in self._parts]
        return sum(pages) * _PAGE_KB / 1024

    def recovery(self) -> tuple[int, float]:
        """(rows, seconds) of the last restoring of tables, as the first worker's log tells it."""
        assigned, recovered = (
            self._told(self._parts[0], event) for event in (WORKER_ASSIGNED, WORKER_RECOVERED)
        )
        took = datetime.fromisoformat(recovered["timestamp"]) - datetime.fromisoformat(assigned["timestamp"])
        return recovered["rows"], took.total_seconds()

    @staticmethod
    def _told(part: Part, event: str) -> dict[str, Any]:
        """The last line of a worker's log about an event."""
        lines = part.log_path.read_text().splitlines()
        told: list[dict[str, Any]] = [json.loads(line) for line in lines if line[:1] == "{"]
        return [one for one in told if one["event"] == event][-1]

    async def _counts(self, part: Part) -> dict[str, int]:
        async with httpx.AsyncClient(trust_env=False, timeout=30.0) as client:
            answer = await client.get(f"{part.url}/metrics")
        return {
            sample.labels["stage"]: int(sample.value)
            for family in text_string_to_metric_families(answer.text)
            for sample in family.samples
            if sample.name == "readystream_worker_records_total"
        }

    def _require_alive(self) -> None:
        for part in self._parts:
            if part.process.poll() is not None:
                raise RuntimeError(f"{part.name} ended; see {part.log_path}")


def _cpu_s(pid: int) -> float:
    """Processor time of a process so far, seconds."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS_PER_S
