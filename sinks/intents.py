"""Intents: which range of a partition is about to be inserted as one block.

An intent is written before its block. Whoever takes the partition over finds in it the exact range, and so
the exact deduplication token, of the last insert that may or may not have happened.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from clickhouse_connect.driver.client import Client

from sinks.clickhouse import insert_settings

Partition = tuple[str, int]
"""Topic and partition number."""

_COLUMNS: Mapping[str, str] = {
    "topic": "LowCardinality(String)",
    "epoch": "Int32",
    "partition": "Int32",
    "start_offset": "Int64",
    "end_offset": "Int64",
}


_LAST = """
SELECT topic, partition, start_offset, end_offset FROM ingest_intent FINAL WHERE epoch = {epoch:Int32}
"""


@dataclass(frozen=True, slots=True)
class Intent:
    """Offsets `start` to `end`, both inclusive, of one partition in one incarnation of its topic."""

    topic: str
    partition: int
    epoch: int
    start: int
    end: int

    def token(self, table: str) -> str:
        """The `insert_deduplication_token` of the block: the exact range.

        ClickHouse drops a second block with the same token even if its rows differ, so nothing less than
        the range may name it.
        """
        return f"{table}:{self.topic}:{self.epoch}:{self.partition}:{self.start}-{self.end}"


def last_intents(client: Client, epoch: int) -> Mapping[Partition, Intent]:
    """The last intent of each partition in this incarnation of the topics."""
    found = client.query(_LAST, parameters={"epoch": epoch})
    return {
        (topic, partition): Intent(topic, partition, epoch, start, end)
        for topic, partition, start, end in found.result_rows
    }


def write_intents(client: Client, intents: Iterable[Intent]) -> None:
    """Announce the ranges of one round, all in one insert."""
    rows = [[one.topic, one.epoch, one.partition, one.start, one.end] for one in intents]
    client.insert(
        "ingest_intent",
        rows,
        column_names=list(_COLUMNS),
        column_type_names=list(_COLUMNS.values()),
        settings=insert_settings(client),
    )
