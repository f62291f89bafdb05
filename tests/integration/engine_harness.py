"""Driving toy workers: making and filling their topics, starting and ending them, reading what came out."""

import asyncio
import dataclasses
import json
import os
import random
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from schemas.topics import MAX_MESSAGE_BYTES
from streams.engine.fence import Fence
from streams.engine.restore import read_to_end
from tests.integration.engine_toy import ToyOptions
from tests.services.kafka import Kafka

_ROOT = Path(__file__).parents[2]
Row = tuple[bytes, bytes | None]


class ToyWorker:
    """A toy worker process with a directory of its own."""

    def __init__(self, options: ToyOptions, directory: Path) -> None:
        self._directory = directory
        directory.mkdir(parents=True)
        told = dataclasses.replace(options, directory=str(directory))
        command = [sys.executable, "-m", "tests.integration.engine_toy", json.dumps(dataclasses.asdict(told))]
        with (directory / "log").open("wb") as log:
            self._process = subprocess.Popen(command, cwd=_ROOT, stdout=log, stderr=subprocess.STDOUT)

    @property
    def log(self) -> str:
        """What it has printed."""
        return (self._directory / "log").read_text()

    @property
    def report(self) -> dict[str, Any]:
        """Its last report; empty before the first."""
        path = self._directory / "report.json"
        return dict(json.loads(path.read_text())) if path.exists() else {}

    async def reports(self, wanted: Callable[[dict[str, Any]], bool], timeout_s: float = 30.0) -> None:
        """Return once a report is as `wanted`."""
        await until(lambda: wanted(self.report), timeout_s, lambda: f"{self.report}\n{self.log}")

    async def logs(self, event: str, times: int = 1, timeout_s: float = 30.0) -> None:
        """Return once it has logged `event` so many times."""
        await until(lambda: self.log.count(f'"{event}"') >= times, timeout_s, lambda: self.log)

    async def exit_code(self, timeout_s: float = 30.0) -> int:
        """Its exit code, once it has ended; negative if a signal ended it."""
        await until(lambda: self._process.poll() is not None, timeout_s, lambda: self.log)
        return self._process.returncode

    async def paused(self, timeout_s: float = 30.0) -> None:
        """Return once it has been stopped by SIGSTOP."""
        state = Path(f"/proc/{self._process.pid}/stat")
        await until(
            lambda: state.read_text().rsplit(")", 1)[1].split()[0] == "T", timeout_s, lambda: self.log
        )

    def send(self, number: signal.Signals) -> None:
        """Send it a signal."""
        os.kill(self._process.pid, number)

    async def stop(self) -> int:
        """Ask it to stop. Its exit code."""
        self.send(signal.SIGTERM)
        return await self.exit_code()

    def destroy(self) -> None:
        """Make sure that it is gone."""
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()


class Toy:
    """One topic to count, and the workers that count it."""

    def __init__(self, kafka: Kafka, directory: Path) -> None:
        self.options = ToyOptions(
            name=f"toy-{uuid.uuid4().hex[:8]}",
            bootstrap=kafka.bootstrap,
            directory="",
            idempotence=not kafka.is_embedded,
        )
        self._directory = directory
        self._workers: list[ToyWorker] = []
        self.produced: list[list[Row]] = [[] for _ in range(self.options.partitions)]

    async def produce(self, rows: Iterable[tuple[int, bytes, bytes | None]]) -> None:
        """Append (partition, key, value) to the source topic."""
        producer = AIOKafkaProducer(bootstrap_servers=self.options.bootstrap, acks="all")
        await producer.start()
        try:
            for partition, key, value in rows:
                await producer.send(self.options.source, value, key=key, partition=partition)
                self.produced[partition].append((key, value))
            await producer.flush()
        finally:
            await producer.stop()

    def start(self, **changes: Any) -> ToyWorker:
        """Start a worker whose options differ by `changes`."""
        directory = self._directory / f"worker-{len(self._workers)}"
        worker = ToyWorker(dataclasses.replace(self.options, **changes), directory)
        self._workers.append(worker)
        return worker

    def destroy(self) -> None:
        """End what is still running."""
        for worker in self._workers:
            worker.destroy()

    async def done(self, timeout_s: float = 60.0) -> None:
        """Return once the group has committed everything that was produced."""
        wanted = [len(rows) or None for rows in self.produced]

        async def all_committed() -> bool:
            return await self.committed() == wanted

        await eventually(all_committed, timeout_s, lambda: self._workers[-1].log)

    async def committed(self) -> list[int | None]:
        """The position that the group has committed, by partition."""
        consumer = AIOKafkaConsumer(
            bootstrap_servers=self.options.bootstrap, group_id=self.options.name, enable_auto_commit=False
        )
        await consumer.start()
        try:
            partitions = range(self.options.partitions)
            return [await consumer.committed(TopicPartition(self.options.source, p)) for p in partitions]
        finally:
            await consumer.stop()

    async def changelog(self, table: str) -> list[list[Row]]:
        """The rows in the changelog of a table that count, by partition."""
        partitions = range(self.options.partitions)
        rows: list[list[Row]] = [[] for _ in partitions]
        fences = [Fence() for _ in partitions]
        positions = {TopicPartition(f"{self.options.name}-{table}-changelog", p): 0 for p in partitions}
        await read_to_end(
            self.options.bootstrap,
            positions,
            lambda tp, records: rows[tp.partition].extend(fences[tp.partition].admit(records)),
        )
        return rows

    async def outputs(self) -> list[list[Row]]:
        """The output topic, by partition."""
        return await read(self.options.bootstrap, self.options.counts, self.options.partitions)

    async def swept(self) -> bool:
        """Whether every partition has been swept."""
        return all(latest(rows) for rows in await self.changelog("sweeps"))

    def truth(self) -> list[dict[bytes, bytes]]:
        """What the counts must be, by partition: told from what was produced, and by nothing else."""
        return [_recount(rows) for rows in self.produced]

    async def assert_exact(self) -> None:
        """The table in the changelog and the last outputs are what the source topic says."""
        assert [latest(rows) for rows in await self.changelog("counts")] == self.truth()
        assert [latest(rows) for rows in await self.outputs()] == self.truth()


@asynccontextmanager
async def new_toy(kafka: Kafka, directory: Path) -> AsyncIterator[Toy]:
    """A toy with its topics made; its workers are gone at the end."""
    toy = Toy(kafka, directory)
    await make_topics(kafka.bootstrap, toy.options.partitions, toy.options.source, toy.options.counts)
    try:
        yield toy
    finally:
        toy.destroy()


async def make_topics(bootstrap: str, partitions: int, *names: str) -> None:
    """Make topics."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        largest = {"max.message.bytes": str(MAX_MESSAGE_BYTES)}
        await admin.create_topics([NewTopic(name, partitions, 1, topic_configs=largest) for name in names])
    finally:
        await admin.close()


async def read(bootstrap: str, topic: str, partitions: int) -> list[list[Row]]:
    """Keys and values of a whole topic, by partition."""
    rows: list[list[Row]] = [[] for _ in range(partitions)]
    positions = {TopicPartition(topic, partition): 0 for partition in range(partitions)}
    await read_to_end(
        bootstrap, positions, lambda tp, records: rows[tp.partition].extend((r.key, r.value) for r in records)
    )
    return rows


async def append(
    bootstrap: str,
    topic: str,
    partition: int,
    key: bytes,
    value: bytes,
    headers: list[tuple[str, bytes]] | None = None,
) -> None:
    """Append one record."""
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap, acks="all")
    await producer.start()
    try:
        await producer.send_and_wait(topic, value, key, partition, headers=headers)
    finally:
        await producer.stop()


def latest(rows: Iterable[Row]) -> dict[bytes, bytes]:
    """What is left of upserts and tombstones."""
    left = dict(rows)
    return {key: value for key, value in left.items() if value is not None}


def _recount(rows: list[Row]) -> dict[bytes, bytes]:
    ids: set[bytes] = set()
    counts: dict[bytes, tuple[int, int]] = {}
    for offset, (key, value) in enumerate(rows):
        if value is None:
            counts.pop(key, None)
            continue
        identity = value.split(b" ", 1)[0]
        if identity not in ids:
            ids.add(identity)
            counts[key] = (counts.get(key, (0, 0))[0] + 1, offset)
    return {key: b"%d:%d" % count for key, count in counts.items()}


def traffic(count: int, partitions: int, seed: int = 1) -> list[tuple[int, bytes, bytes | None]]:
    """Records of a hundred keys, one in ten with an id seen before, one in fifty a tombstone."""
    chance = random.Random(seed)
    ids: list[tuple[int, bytes]] = []
    rows: list[tuple[int, bytes, bytes | None]] = []
    for _ in range(count):
        learner, identity = chance.randrange(100), b"%016x" % chance.getrandbits(64)
        if ids and chance.random() < 0.1:
            learner, identity = chance.choice(ids)
        ids.append((learner, identity))
        value = None if chance.random() < 0.02 else identity + b" " + b"x" * 100
        rows.append((learner % partitions, b"learner-%03d" % learner, value))
    return rows


async def until(holds: Callable[[], bool], timeout_s: float = 30.0, say: Callable[[], str] = str) -> None:
    """Return once `holds`; fail with what `say` says if it does not in time."""

    async def asked() -> bool:
        return holds()

    await eventually(asked, timeout_s, say)


async def eventually(
    holds: Callable[[], Awaitable[bool]], timeout_s: float = 30.0, say: Callable[[], str] = str
) -> None:
    """The same for a question that takes an answer to wait for."""
    deadline = time.monotonic() + timeout_s
    while not await holds():
        assert time.monotonic() < deadline, say()
        await asyncio.sleep(0.05)
