"""How far the pipeline has come, read where each thing is: the broker's positions and ClickHouse's rows."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan

import clickhouse_connect
from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from clickhouse_connect.driver.client import Client

from readystream.topics import end_offsets, end_offsets_of
from schemas.topics import CATALOGUE, LINKS, PERSONA_STATE, STATEMENTS

_RECENT_ROWS = 2000
_FRESHNESS_SQL = """
SELECT quantile(0.5)(age), quantile(0.99)(age) FROM (
  SELECT dateDiff('millisecond', received_at, ingested_at) AS age
  FROM learning_events ORDER BY ingested_at DESC LIMIT {rows:UInt32})
"""


@dataclass(frozen=True, slots=True)
class Position:
    """Records in the statements topic, records the workers have finished, statements in ClickHouse, and the
    freshness (milliseconds from the adapter reading a statement to its row being written)."""

    in_kafka: int = 0
    processed: int = 0
    in_clickhouse: int = 0
    freshness_p50_ms: float = 0.0
    freshness_p99_ms: float = 0.0


class Probe:
    """Looks at the broker and at ClickHouse; it changes nothing."""

    def __init__(self, bootstrap: str, client: Client, partitions: int, groups: tuple[str, str]) -> None:
        self._bootstrap = bootstrap
        self._client = client
        self._partitions = partitions
        self._worker_group, self._sink_group = groups
        self._admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)

    async def start(self) -> None:
        """Connect."""
        await self._admin.start()

    async def stop(self) -> None:
        """Disconnect."""
        await self._admin.close()

    async def position(self) -> Position:
        """How far things are now."""
        ends = await end_offsets(self._bootstrap, STATEMENTS.name)
        done = await self._committed(self._worker_group, [STATEMENTS.name])
        rows, p50, p99 = await asyncio.to_thread(self._clickhouse)
        return Position(sum(ends.values()), sum(done.values()), rows, p50, p99)

    async def is_drained(self) -> bool:
        """Whether everything that is in Kafka has been worked on and is in ClickHouse.

        Asked upstream first: what is quiet upstream can no longer add to what comes after.
        """
        for topic in (STATEMENTS.name, LINKS.name, PERSONA_STATE.name):
            if not await self._caught_up(self._worker_group, [topic]):
                return False
        kept = [topic.name for topic in CATALOGUE if "sink" in topic.readers]
        return await self._caught_up(self._sink_group, kept)

    async def _caught_up(self, group: str, topics: Sequence[str]) -> bool:
        ends = await end_offsets_of(self._bootstrap, topics)
        done = await self._committed(group, topics)
        return all(
            done.get(TopicPartition(topic, partition), 0) >= end
            for topic in topics
            for partition, end in ends[topic].items()
        )

    async def _committed(self, group: str, topics: Sequence[str]) -> dict[TopicPartition, int]:
        asked = [TopicPartition(topic, number) for topic in topics for number in range(self._partitions)]
        found = await self._admin.list_consumer_group_offsets(group, partitions=asked)
        return {at: max(entry.offset, 0) for at, entry in found.items()}

    def _clickhouse(self) -> tuple[int, float, float]:
        rows = self._client.query("SELECT count() FROM statements").result_rows[0][0]
        asked = {"rows": _RECENT_ROWS}
        p50, p99 = self._client.query(_FRESHNESS_SQL, parameters=asked).result_rows[0]
        return int(rows), _number(p50), _number(p99)


def _number(value: float) -> float:
    """ClickHouse answers NaN for a quantile of nothing."""
    return 0.0 if isnan(value) else float(value)


def connect(dsn: str, database: str) -> Client:
    """A ClickHouse client for one thread at a time."""
    return clickhouse_connect.get_client(dsn=dsn, database=database, autogenerate_session_id=False)
