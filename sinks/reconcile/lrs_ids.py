"""Ids of an LRS against those of the raw log."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial

from clickhouse_connect.driver.client import Client

from sinks.clickhouse import ClickHouse, insert_settings

_CREATE = "CREATE TABLE {name} (id String, stored DateTime64(6, 'UTC')) ENGINE = MergeTree ORDER BY id"

# A statement that the pull had to refuse is no loss: its dead letter accounts for it.
_HERE = """
SELECT DISTINCT id FROM {name}
WHERE stored <= fromUnixTimestamp64Micro({{until:Int64}}) AND id NOT IN (SELECT statement_id FROM statements)
  AND id NOT IN
  (
      SELECT lower(JSONExtractString(value, 'id')) FROM dead_letters
      WHERE step = 'pull' AND credential = {{credential:String}}
  )
ORDER BY id
"""

# An LRS does not list voided statements, and one that it stored itself it has given its own stored time.
_THERE = """
SELECT statement_id, any(statement)
FROM (
    SELECT statement_id, statement,
        parseDateTime64BestEffortOrNull(JSONExtractString(statement, 'stored'), 6, 'UTC') AS stored
    FROM statements WHERE credential = {{credential:String}}
)
WHERE stored > fromUnixTimestamp64Micro({{since:Int64}})
  AND stored <= fromUnixTimestamp64Micro({{until:Int64}})
  AND statement_id NOT IN (SELECT id FROM {name})
  AND statement_id NOT IN (SELECT voids FROM statements WHERE voids != '')
GROUP BY statement_id
ORDER BY statement_id
"""


@dataclass(frozen=True, slots=True)
class LrsIds:
    """The ids that an LRS has, in a table of their own. Times in microseconds since the epoch."""

    store: ClickHouse
    name: str

    async def add(self, found: Sequence[tuple[str, int]]) -> None:
        """Take ids in lower case, with the LRS's stored times."""
        rows = [[one, stored] for one, stored in found]
        if rows:
            await self.store.run(partial(self._insert, rows=rows))

    def _insert(self, client: Client, rows: list[list[object]]) -> None:
        client.insert(self.name, rows, column_names=["id", "stored"], settings=insert_settings(client))

    async def count(self) -> int:
        """How many distinct ones."""
        sql = f"SELECT uniqExact(id) FROM {self.name}"
        return await self.store.run(lambda client: int(client.query(sql).result_rows[0][0]))

    async def missing_here(self, credential: str, until: int) -> list[str]:
        """Ids that the LRS stored up to `until` and of which we have neither statement nor dead letter."""
        asked = {"credential": credential, "until": until}
        found = await self.store.run(
            lambda client: client.query(_HERE.format(name=self.name), parameters=asked).result_rows
        )
        return [row[0] for row in found]

    async def missing_there(self, credential: str, since: int, until: int) -> dict[str, bytes]:
        """Statements that came from the LRS, stored there in that time, and that it has no longer."""
        asked = {"credential": credential, "since": since, "until": until}
        found = await self.store.run(
            lambda client: (
                client.query(
                    _THERE.format(name=self.name), parameters=asked, query_formats={"String": "bytes"}
                ).result_rows
            )
        )
        return {row[0].decode(): row[1] for row in found}


@asynccontextmanager
async def lrs_ids(store: ClickHouse, run_id: str) -> AsyncIterator[LrsIds]:
    """An empty table of ids that is there while the block runs."""
    name = f"reconcile_{run_id}_lrs"
    await store.run(lambda client: client.command(_CREATE.format(name=name)))
    try:
        yield LrsIds(store, name)
    finally:
        await store.run(lambda client: client.command(f"DROP TABLE IF EXISTS {name} SYNC"))
