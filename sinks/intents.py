"""Intents: which range of a partition is about to be inserted as one block.

An intent is written before its block. Whoever takes the partition over finds in it the exact range, and so
the exact deduplication token, of the last insert that may or may not have happened.

Of several processes that believe they own a partition, only one can announce a range that begins at a given
offset: the announcement has a token of its own, made from where it begins, and ClickHouse drops all but the
first. Who reads back another range than the one announced has been taken over.
"""

from collections.abc import Mapping
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

    @property
    def claim(self) -> str:
        """The token of the announcement: the first to announce a range from `start` on has it."""
        return f"{self.topic}:{self.epoch}:{self.partition}:{self.start}"


def last_intents(client: Client, epoch: int) -> Mapping[Partition, Intent]:
    """The last intent of each partition in this incarnation of the topics."""
    found = client.query(_LAST, parameters={"epoch": epoch})
    return {
        (topic, partition): Intent(topic, partition, epoch, start, end)
        for topic, partition, start, end in found.result_rows
    }


def announce(client: Client, intent: Intent) -> None:
    """Write `intent`, unless a range that begins at the same offset was announced before."""
    client.insert(
        "ingest_intent",
        [[intent.topic, intent.epoch, intent.partition, intent.start, intent.end]],
        column_names=list(_COLUMNS),
        column_type_names=list(_COLUMNS.values()),
        settings=insert_settings(client, insert_deduplication_token=intent.claim),
    )
