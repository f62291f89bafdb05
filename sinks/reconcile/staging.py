"""A table compared with its topic, in SQL: the topic's records become rows of a table beside it.

A row is right when the topic has a record that gives just it, and no record of the same key is newer. Rows
that are newer than what was read of the topic are left alone.
"""

from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import uuid4

from clickhouse_connect.driver.client import Client

from schemas.codec import decode
from schemas.errors import CodecError
from schemas.topics import Topic
from sinks.clickhouse import ClickHouse, insert_settings
from sinks.poison import insert_sound
from sinks.reconcile.checked import Checked
from sinks.reconcile.findings import Finding, Kind
from sinks.records import RawRecord
from sinks.sift import sift

_BLOCK_RECORDS = 10_000

Keep = Callable[[Mapping[str, Any]], bool]
"""Whether a record, by its value, is wanted."""

_CREATE = "CREATE TABLE {stage} AS {name} ENGINE = MergeTree ORDER BY ({key})"

_WRONG = """
CREATE TABLE {stage}_wrong ENGINE = MergeTree ORDER BY tuple() AS
WITH
    arrayMax(row -> row.1, said) AS said_version,
    arrayMax(row -> row.1, has) AS has_version,
    arrayFilter(row -> row.1 = has_version, has) AS stands
SELECT {aliases}, has_version, multiIf(
    empty(has), if(arrayExists(row -> row.1 = said_version AND row.3 = 1, said), '', 'missing'),
    empty(said), if(NOT {is_complete} OR newest >= {started} OR arrayExists(row -> row.3 = 1, stands),
        '', 'surplus'),
    has_version > said_version, '',
    has_version < said_version, 'stale',
    arrayExists(row -> NOT has(said, row), stands), 'altered',
    '') AS kind
FROM
(
    SELECT {aliases}, groupUniqArrayIf((v, hash, gone), told) AS said,
        groupUniqArrayIf((v, hash, gone), NOT told) AS has, max(at) AS newest
    FROM
    (
        SELECT {keys}, {version} AS v, cityHash64(toString(tuple({columns}))) AS hash, {gone} AS gone,
            toDateTime64(0, 3, 'UTC') AS at, true AS told
        FROM {stage}
        UNION ALL
        SELECT {keys}, {version} AS v, cityHash64(toString(tuple({columns}))) AS hash, {gone} AS gone,
            ingested_at AS at, false AS told
        FROM {name} WHERE {where}
    )
    GROUP BY {aliases}
)
WHERE kind != ''
"""

_DELETE = """
DELETE FROM {target} WHERE ({key}, {version}) IN
(SELECT {aliases}, has_version FROM {stage}_wrong WHERE kind IN ('altered', 'surplus'))
"""

_INSERT = """
INSERT INTO {target} ({columns})
SELECT {columns} FROM {stage} WHERE ({key}) IN (SELECT {aliases} FROM {stage}_wrong WHERE kind != 'surplus')
"""


_LEFTOVERS = """
SELECT name FROM system.tables
WHERE database = currentDatabase() AND match(name, '^reconcile_[0-9a-f]{16}_')
  AND metadata_modification_time <= now() - {age:UInt32}
"""


@dataclass(frozen=True, slots=True)
class Compared:
    """How many keys the topic has, and how many rows are wrong in which way."""

    keys: int
    wrong: Mapping[Kind, int]
    findings: tuple[Finding, ...]

    @property
    def total(self) -> int:
        """All that is wrong."""
        return sum(self.wrong.values())


class Staging:
    """The rows that a table should have. `where` says which rows of the table they are compared with."""

    def __init__(self, store: ClickHouse, checked: Checked, name: str, where: str, epoch: int) -> None:
        self._store = store
        self._checked = checked
        self._raws: list[RawRecord] = []
        keys = _split(checked.key)
        columns = checked.table.column_names
        self._words = {
            "stage": name,
            "name": checked.name,
            "key": checked.key,
            "keys": ", ".join(f"{key} AS k{place}" for place, key in enumerate(keys)),
            "aliases": ", ".join(f"k{place}" for place in range(len(keys))),
            "version": checked.version,
            "columns": ", ".join(f"`{column}`" for column in columns),
            "gone": "deleted" if "deleted" in columns else "toUInt8(0)",
            "where": f"{checked.epoch.format(epoch=epoch)} AND ({where})",
        }

    @property
    def table(self) -> str:
        """The table that is compared."""
        return self._checked.name

    async def limit(self, ids: Iterable[str], *columns: str) -> None:
        """Compare only those rows of the table that have one of `ids` in one of `columns`."""
        scope = f"{self._words['stage']}_scope"
        rows = [[one] for one in ids]
        await self._store.run(lambda client: _make_scope(client, scope, rows))
        wanted = " OR ".join(f"{column} IN (SELECT id FROM {scope})" for column in columns)
        self._words["where"] += f" AND ({wanted})"

    async def add(self, raw: RawRecord, keep: Keep | None = None) -> None:
        """Take a record if `keep` holds of what it says. What cannot become a row gives none."""
        if keep is not None:
            value = _value(self._checked.topic, raw)
            if value is None or not keep(value):
                return
        self._raws.append(raw)
        if len(self._raws) >= _BLOCK_RECORDS:
            await self.flush()

    async def flush(self) -> None:
        """Write what was taken."""
        raws, self._raws = self._raws, []
        if raws:
            await self._store.run(partial(self._insert, raws=raws))

    def _insert(self, client: Client, raws: list[RawRecord]) -> None:
        sound, _ = sift(self._checked.table, raws)
        insert_sound(client, self._words["stage"], sound)

    async def compare(self, *, is_complete: bool, started_ms: int, top: int) -> Compared:
        """What is wrong. A row that the topic lacks is wrong only if the topic `is_complete`, and the row is
        older than the reading, which began at `started_ms`."""
        started = f"fromUnixTimestamp64Milli({started_ms})"
        words = self._words | {"is_complete": str(is_complete).lower(), "started": started}
        return await self._store.run(lambda client: self._compare(client, words, top))

    def _compare(self, client: Client, words: Mapping[str, str], top: int) -> Compared:
        client.command(f"DROP TABLE IF EXISTS {words['stage']}_wrong SYNC")
        client.command(_WRONG.format(**words))
        keys = client.query("SELECT uniqExact({key}) FROM {stage}".format(**words)).result_rows[0][0]
        counts = client.query("SELECT kind, count() FROM {stage}_wrong GROUP BY kind".format(**words))
        rows = client.query(
            "SELECT kind, toString(tuple({aliases})) FROM {stage}_wrong ORDER BY ALL LIMIT {top}".format(
                **words, top=top
            )
        )
        findings = (Finding(Kind(kind), words["name"], -1, key) for kind, key in rows.result_rows)
        return Compared(keys, {Kind(kind): n for kind, n in counts.result_rows}, tuple(findings))

    async def repair(self) -> None:
        """Make the rows right that `compare` found wrong: first remove, then insert under a new token.

        Interrupted in between, rows are missing, and the next repair inserts them.
        """
        await self._store.run(self._insert_again)

    def _insert_again(self, client: Client) -> None:
        token = f"reconcile:{self._checked.name}:{uuid4().hex}"
        for target in self._checked.targets:
            words = self._words | {"target": target}
            client.command(_DELETE.format(**words), settings={"lightweight_deletes_sync": 2})
        words = self._words | {"target": self._checked.targets[0]}
        client.command(
            _INSERT.format(**words),
            settings=insert_settings(client, insert_deduplication_token=token),
        )


@asynccontextmanager
async def staging(
    store: ClickHouse, checked: Checked, run_id: str, *, epoch: int, where: str = "true"
) -> AsyncIterator[Staging]:
    """A staging table that is there while the block runs."""
    name = f"reconcile_{run_id}_{checked.name}"
    create = _CREATE.format(stage=name, name=checked.name, key=checked.key)
    await store.run(lambda client: client.command(create))
    try:
        yield Staging(store, checked, name, where, epoch)
    finally:
        await store.run(lambda client: _drop(client, name))


def drop_leftovers(client: Client, age_s: int) -> None:
    """Drop tables of runs that were killed, if they are so old that no run can still use them."""
    for (name,) in client.query(_LEFTOVERS, parameters={"age": age_s}).result_rows:
        client.command(f"DROP TABLE IF EXISTS {name} SYNC")


def _drop(client: Client, name: str) -> None:
    for table in (name, f"{name}_wrong", f"{name}_scope"):
        client.command(f"DROP TABLE IF EXISTS {table} SYNC")


def _make_scope(client: Client, scope: str, rows: list[list[str]]) -> None:
    client.command(f"CREATE TABLE {scope} (id String) ENGINE = MergeTree ORDER BY id")
    client.insert(scope, rows, column_names=["id"], settings=insert_settings(client))


def _value(topic: Topic, raw: RawRecord) -> Mapping[str, Any] | None:
    """What a record says; None for a tombstone and for one that is damaged."""
    try:
        return None if raw.value is None else decode(topic, raw.value)
    except CodecError:
        return None


def _split(key: str) -> list[str]:
    return [part.strip() for part in key.split(",")]
