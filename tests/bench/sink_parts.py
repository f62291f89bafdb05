"""The parts of the sink, each alone on the same records: what it could reach at best."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from aiokafka import TopicPartition
from clickhouse_connect.driver.client import Client

from schemas.settings import SinkSettings
from sinks.container import Pack
from sinks.insert import insert_records
from sinks.records import RawRecord
from sinks.run import new_consumer
from sinks.sift import sift
from sinks.table import Table
from tests.bench.laps import Lap, watch
from tests.services.kafka import PARTITIONS

_A_POLL = 2000


@dataclass(frozen=True, slots=True)
class Parts:
    """Fetching all records, putting their bytes together, and ClickHouse taking these."""

    consuming: Lap
    packing: Lap
    inserting: Lap

    @property
    def best_s(self) -> float:
        """Seconds of a sink whose work takes nothing else and hides behind ClickHouse's, or the reverse."""
        return max(self.consuming.seconds + self.packing.seconds, self.inserting.seconds)


async def consume(settings: SinkSettings, topic: str, records: int) -> tuple[Lap, list[list[Any]]]:
    """Fetch as many records of the topic as the sink would, with its consumer; those of each partition."""
    places = [TopicPartition(topic, number) for number in range(PARTITIONS)]
    found: dict[TopicPartition, list[Any]] = {place: [] for place in places}
    consumer = new_consumer(settings)
    await consumer.start()
    try:
        consumer.assign(places)
        await consumer.seek_to_beginning(*places)
        stop, count = watch(), 0
        while count < records:
            for place, messages in (await consumer.getmany(timeout_ms=100, max_records=_A_POLL)).items():
                found[place] += messages
                count += len(messages)
        return stop(), list(found.values())
    finally:
        await consumer.stop()


def packed(table: Table, partitions: Sequence[list[Any]], rows: int) -> tuple[Lap, list[Pack]]:
    """Sift and pack what was fetched, `rows` in each; the bytes are joined, too."""
    stop = watch()
    packs = [sift(table, [RawRecord.of(one, 0) for one in some])[0] for some in _runs(partitions, rows)]
    for pack in packs:
        pack.file()
    return stop(), packs


def inserted(client: Client, name: str, packs: Sequence[Pack]) -> Lap:
    """Let ClickHouse take the packs, as the sink does."""
    stop = watch()
    for number, pack in enumerate(packs):
        insert_records(client, name, pack, token=str(number))
    return stop()


def _runs(partitions: Sequence[list[Any]], rows: int) -> Iterator[list[Any]]:
    for messages in partitions:
        for start in range(0, len(messages), rows):
            yield messages[start : start + rows]
