"""The checkpoints of sources, in a compacted topic.

Each source has its place in one partition: `partition_for` of its name.
"""

from uuid import uuid4

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from lrs_adapter.bulk.records import record
from lrs_adapter.bulk.writer import LogWriter
from lrs_adapter.log.record import Record
from schemas.codec import decode
from schemas.errors import UnavailableError
from schemas.topics import PULL_CHECKPOINTS, partition_for

_NOBODY = ""
_POLL_MS = 500


def checkpoint(
    source: str, stored_through: int, *, partitions: int, now_us: int, correlation_id: str
) -> Record:
    """The record that says how far `source` has been read. Times in microseconds since the epoch."""
    return _record(partition_for(source, partitions), source, stored_through, now_us, correlation_id)


async def read_checkpoint(bootstrap_servers: str, writer: LogWriter, source: str) -> int:
    """How far `source` has been read; 0 if it never was. Raises `UnavailableError`.

    Writes a mark behind everything that is there and reads up to it: offsets of ends need not be trusted.
    """
    partition = partition_for(source, writer.partitions)
    mark = uuid4().hex
    await writer.write((_record(partition, _NOBODY, 0, 0, mark),))
    await writer.flush()
    try:
        return await _read_to(
            bootstrap_servers, TopicPartition(PULL_CHECKPOINTS.name, partition), source, mark
        )
    except (KafkaError, OSError) as error:
        raise UnavailableError(f"Kafka did not give the checkpoint of {source}: {error!r}") from error


async def _read_to(bootstrap_servers: str, at: TopicPartition, source: str, mark: str) -> int:
    reached = 0
    async with AIOKafkaConsumer(bootstrap_servers=bootstrap_servers) as consumer:
        consumer.assign([at])
        await consumer.seek_to_beginning(at)
        while True:
            for found in (await consumer.getmany(at, timeout_ms=_POLL_MS)).get(at, ()):
                value = decode(PULL_CHECKPOINTS, found.value)
                if value["source"] == source:
                    reached = value["stored_through"]
                if value["correlation_id"] == mark:
                    return reached


def _record(partition: int, source: str, stored_through: int, now_us: int, correlation_id: str) -> Record:
    value = {
        "source": source,
        "stored_through": stored_through,
        "written_at": now_us,
        "correlation_id": correlation_id,
    }
    return record(PULL_CHECKPOINTS, partition, source, value, correlation_id)
