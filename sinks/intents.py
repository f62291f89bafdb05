"""Intents: which ranges are about to be inserted, each as one block.

The ranges of a round are announced together before any of them is inserted. Whoever takes a partition over
finds in its last intent the exact range, and so the exact deduplication token, of the last insert that may or
may not have happened.

Announcements are a sequence of numbered rounds, shared by all sinks of a database. The number is the token of
the announcement, so ClickHouse keeps the first that takes a number and drops all others. Who takes the number
after the last that it has read has therefore read everything that came before: of several processes that
believe they own a partition, one announces, and the others find a range that they do not know.
"""

from collections.abc import Mapping, Sequence
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
    "round": "UInt64",
}

_LAST = """
SELECT topic, partition, start_offset, end_offset, round FROM ingest_intent FINAL WHERE epoch = {epoch:Int32}
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


@dataclass(frozen=True, slots=True)
class Announced:
    """What has been announced so far: the last intent of each partition, and the number of the last round."""

    last: Mapping[Partition, Intent]
    round: int


def announced(client: Client, epoch: int) -> Announced:
    """Everything announced in this incarnation of the topics."""
    found = client.query(_LAST, parameters={"epoch": epoch}).result_rows
    last = {
        (topic, partition): Intent(topic, partition, epoch, start, end)
        for topic, partition, start, end, _ in found
    }
    return Announced(last, max((number for *_, number in found), default=0))


def announce(client: Client, epoch: int, number: int, intents: Sequence[Intent]) -> None:
    """Write `intents` as round `number`, unless somebody has taken that number; none of them or all."""
    client.insert(
        "ingest_intent",
        [[one.topic, one.epoch, one.partition, one.start, one.end, number] for one in intents],
        column_names=list(_COLUMNS),
        column_type_names=list(_COLUMNS.values()),
        settings=insert_settings(client, insert_deduplication_token=f"round:{epoch}:{number}"),
    )
