"""The partitions as the producer writes to them: what comes while a batch is under way goes with the next.

A request waits for a few batches, not for each of its records: with small records a promise for each, as
the producer gives them, costs as much as judging the statement.
"""

import asyncio
from collections import deque
from dataclasses import dataclass
from functools import partial
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.errors import RequestTimedOutError
from aiokafka.partitioner import DefaultPartitioner

from lrs_adapter.log.record import Record
from lrs_adapter.wire.in_flight import InFlight


@dataclass(slots=True, eq=False)
class Sent:
    """A batch. `first` will be the offset of its first record, or say how it failed; `size` is in bytes.

    One that has not been handed over by `due` is given up: nobody waits for it any more.
    """

    batch: Any
    first: asyncio.Future[int]
    due: float
    size: int = 0


@dataclass(frozen=True, slots=True)
class Berth:
    """Where a record travels: the `index`-th in `sent`, to `partition`."""

    sent: Sent
    partition: int
    index: int


class Lanes:
    """One lane for each partition that is written to, of one producer. A lane sends batch after batch.

    `give_up_s` is how long anybody waits for a record. What has been put is counted out of `in_flight` once
    it is settled.
    """

    def __init__(self, producer: AIOKafkaProducer, give_up_s: float, in_flight: InFlight) -> None:
        self.producer = producer
        self._give_up_s = give_up_s
        self._in_flight = in_flight
        self._lanes: dict[tuple[str, int], _Lane] = {}
        self._partition_of_key = DefaultPartitioner()

    async def put(self, record: Record) -> Berth:
        """Take a record along. Raises `KafkaError` if its topic's partitions are not known."""
        partition = record.partition
        if partition is None:
            known = sorted(await self.producer.partitions_for(record.topic))
            partition = self._partition_of_key(record.key, known, known)
        lane = self._lanes.get((record.topic, partition))
        if lane is None:
            send = partial(self.producer.send_batch, topic=record.topic, partition=partition)
            lane = self._lanes[record.topic, partition] = _Lane(self, send)
        sent, index = lane.put(record)
        return Berth(sent, partition, index)

    def begin(self) -> Sent:
        """An empty batch."""
        loop = asyncio.get_running_loop()
        sent = Sent(self.producer.create_batch(), loop.create_future(), loop.time() + self._give_up_s)
        sent.first.add_done_callback(partial(self._settled, sent))
        return sent

    def _settled(self, sent: Sent, first: asyncio.Future[int]) -> None:
        self._in_flight.release(sent.size)
        first.exception()  # seen here too: after a timeout nobody else waits for it


class _Lane:
    """The batches for one partition that wait for their turn, and who sends them."""

    def __init__(self, lanes: Lanes, send: Any) -> None:
        self._lanes = lanes
        self._send = send
        self._waiting: deque[Sent] = deque()
        self._sender: asyncio.Task[None] | None = None

    def put(self, record: Record) -> tuple[Sent, int]:
        """The batch that takes it along, and its place there."""
        if not self._waiting or not _append(self._waiting[-1], record):
            self._waiting.append(self._lanes.begin())
            _append(self._waiting[-1], record)  # the first one fits, whatever its size
        if self._sender is None:
            self._sender = asyncio.create_task(self._send_all())
        sent = self._waiting[-1]
        return sent, sent.batch.record_count() - 1

    async def _send_all(self) -> None:
        while self._waiting:
            await self._deliver(self._waiting.popleft())
        self._sender = None

    async def _deliver(self, sent: Sent) -> None:
        sent.batch.close()
        if asyncio.get_running_loop().time() > sent.due:
            sent.first.set_exception(RequestTimedOutError())
            return
        try:
            delivered = await (await self._send(sent.batch))
        except Exception as error:  # whatever it is, those who wait are told
            sent.first.set_exception(error)
        else:
            sent.first.set_result(delivered.offset)


def _append(sent: Sent, record: Record) -> bool:
    """Whether it fitted in."""
    headers = list(record.headers)
    if sent.batch.append(timestamp=None, key=record.key, value=record.value, headers=headers) is None:
        return False
    sent.size += len(record.value)
    return True
