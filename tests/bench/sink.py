"""The sink beside its own client: `python -m tests.bench.sink`.

The same rows go to the same tables twice, in turns: once through the sink, from records in Kafka, and once as
prebuilt columns through the client that the sink uses, in inserts of as many rows. What lies between the two
is all that the sink does: consuming, Avro, conversion, announcements, commits. Then the sink's parts are run,
each alone on the same records, to tell what it could reach at best.
"""

import argparse
import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from clickhouse_connect.driver.client import Client
from rich.console import Console
from rich.table import Table as Shown

from readystream import logs
from readystream.embedded.clickhouse import EmbeddedClickHouse
from schemas import codec
from schemas.examples import EXAMPLES
from schemas.settings import SinkSettings
from schemas.topics import EVENTS, SKILLS, STATEMENTS, Topic
from sinks.clickhouse import connect, insert_settings
from sinks.columns import DAY, OPTIONAL_DAY, TIME, Column
from sinks.health import SinkHealth
from sinks.insert import insert_records
from sinks.migrate import migrate
from sinks.process import collect_seldom
from sinks.records import RawRecord
from sinks.run import run_sink
from sinks.sift import sift
from sinks.table import Table
from sinks.tables import BY_TOPIC
from tests.bench.laps import Lap, watch
from tests.bench.records import BenchRecord, produce
from tests.bench.sink_parts import Parts, consume, inserted, packed
from tests.services import kafka as kafkas
from tests.services.kafka import PARTITIONS, Kafka

TOPICS = (STATEMENTS, EVENTS, SKILLS)
ROWS_AN_INSERT = 10_000
_NUMBERS = {TIME: "toUnixTimestamp64Micro({})", DAY: "toInt32({})", OPTIONAL_DAY: "toInt32({})"}
_LEARNERS, _DAYS = 500, 30
_DAY_US = 86_400_000_000


Columns = Sequence[Sequence[Any]]
"""Values of each column of a table, as inserts are quickest with them: times and days as numbers."""


@dataclass(frozen=True, slots=True)
class Duel:
    """Laps of both, in the order they were run."""

    topic: Topic
    records: int
    client: Sequence[Lap]
    sink: Sequence[Lap]
    parts: Sequence[Parts]

    @property
    def ratio(self) -> float:
        """Rate of the sink over that of the client, median of the turns."""
        turns = zip(self.client, self.sink, strict=True)
        return median(client.seconds / sink.seconds for client, sink in turns)

    @property
    def best(self) -> float:
        """The ratio of a sink that takes no longer than its parts."""
        turns = zip(self.client, self.parts, strict=True)
        return median(client.seconds / parts.best_s for client, parts in turns)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, and print rates and ratios."""
    parser = argparse.ArgumentParser(prog="tests.bench.sink", description=__doc__)
    parser.add_argument("--records", type=int, default=100_000, help="of each topic")
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--kafka", choices=["embedded", "apache"], default="embedded")
    options = parser.parse_args(arguments)
    logs.configure("warning", "console")
    collect_seldom()
    with (
        TemporaryDirectory() as name,
        EmbeddedClickHouse(Path(name, "ch"), Path(name, "ch.log")) as store,
        kafkas.running(options.kafka, Path(name)) as kafka,
    ):
        bench = Bench(kafka, store.dsn, options.records, options.turns)
        duels = [asyncio.run(bench.duel(topic)) for topic in TOPICS]
    Console().print(_table(duels), _parts_table(duels))


@dataclass(frozen=True, slots=True)
class Bench:
    """Where to measure, and how much."""

    kafka: Kafka
    dsn: str
    records: int
    turns: int

    async def duel(self, topic: Topic) -> Duel:
        """Let both put in the records of `topic`, in turns, each into a database of its own."""
        await kafkas.empty_catalogue(self.kafka)
        made = list(_records(topic, self.records))
        await produce(self.kafka.bootstrap, topic.name, PARTITIONS, made)
        inserts = await asyncio.to_thread(self._inserts, topic, made)
        client, sink, parts = [], [], []
        for turn in range(self.turns):
            name = f"{topic.name.replace('.', '_')}_{turn}"
            client.append(await asyncio.to_thread(self._client_lap, topic, f"client_{name}", inserts))
            sink.append(await self._sink_lap(topic, f"sink_{name}"))
            parts.append(await self._parts(topic, f"parts_{name}"))
        return Duel(topic, self.records, client, sink, parts)

    def _client_lap(self, topic: Topic, database: str, inserts: Sequence[Columns]) -> Lap:
        table = BY_TOPIC[topic.name]
        with connect(self.dsn) as client:
            migrate(client, database)
            stop = watch()
            for number, columns in enumerate(inserts):
                _insert_columns(client, table, columns, token=str(number))
            return stop()

    def _inserts(self, topic: Topic, made: Sequence[BenchRecord]) -> list[Columns]:
        """The columns of each insert, read back from a table that the sink's own inserts have filled."""
        table = BY_TOPIC[topic.name]
        raws = [
            RawRecord(topic.name, 0, offset, 0, record.key.encode(), record.value, (), 0)
            for offset, record in enumerate(made)
        ]
        with connect(self.dsn) as client:
            migrate(client, f"columns_{topic.name.replace('.', '_')}")
            return [
                _columns_of(client, table, raws[start : start + ROWS_AN_INSERT])
                for start in range(0, len(raws), ROWS_AN_INSERT)
            ]

    async def _sink_lap(self, topic: Topic, database: str) -> Lap:
        with connect(self.dsn) as client:
            migrate(client, database)
        health = SinkHealth()
        task = asyncio.create_task(run_sink(self._settings(database), health=health))
        await _until(lambda: health.ready)
        stop = watch()
        await _until(lambda: sum(health.positions.values()) >= self.records)
        lap = stop()
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        return lap

    async def _parts(self, topic: Topic, database: str) -> Parts:
        table = BY_TOPIC[topic.name]
        consuming, fetched = await consume(self._settings(database), topic.name, self.records)
        packing, packs = packed(table, fetched, ROWS_AN_INSERT)
        with connect(self.dsn) as client:
            migrate(client, database)
            return Parts(consuming, packing, inserted(client, table.name, packs))

    def _settings(self, database: str) -> SinkSettings:
        values = {
            "kafka_bootstrap_servers": self.kafka.bootstrap,
            "clickhouse_dsn": self.dsn,
            "clickhouse_database": database,
            "sink_group_id": database,
            "session_timeout_s": 6,
            "heartbeat_s": 1,
            "flush_rows": ROWS_AN_INSERT,
            "producer_idempotence": not self.kafka.is_embedded,
        }
        return SinkSettings.model_validate(values)


async def _until(holds: Callable[[], bool]) -> None:
    while not holds():  # noqa: ASYNC110 - what is waited for tells nobody
        await asyncio.sleep(0.005)


def _records(topic: Topic, count: int) -> Iterator[BenchRecord]:
    """The topic's example as that of many learners on many days, spread over the partitions."""
    for number in range(count):
        learner = f"{number % _LEARNERS:032x}"
        changes: dict[str, Any] = {
            "statement_id": f"{number:036x}",
            "persona_id": learner,
            "person_id": learner,
            "skill": f"skill-{number // _LEARNERS}",
            "version": number,
        }
        value = EXAMPLES[topic.name] | {
            name: change for name, change in changes.items() if name in EXAMPLES[topic.name]
        }
        if "event_time" in value:
            value["event_time"] -= number % _DAYS * _DAY_US
        yield BenchRecord(learner, codec.encode(topic, value), number % PARTITIONS)


def _columns_of(client: Client, table: Table, raws: Sequence[RawRecord]) -> Columns:
    client.command(f"TRUNCATE TABLE {table.name}")
    insert_records(client, table.name, sift(table, raws)[0])
    values = ", ".join(map(_as_number, table.columns))
    columns: Columns = client.query(f"SELECT {values} FROM {table.name}").result_columns
    return columns


def _as_number(column: Column) -> str:
    return _NUMBERS.get(column.type, "{}").format(f"`{column.name}`")


def _insert_columns(client: Client, table: Table, columns: Columns, token: str) -> None:
    client.insert(
        table.name,
        columns,
        column_names=table.column_names,
        column_type_names=[column.type for column in table.columns],
        column_oriented=True,
        settings=insert_settings(client, insert_deduplication_token=token),
    )


def _table(duels: Sequence[Duel]) -> Shown:
    table = Shown(title="The sink beside its own client", title_justify="left")
    for name in ("topic", "client rows/s", "sink rows/s", "ratio", "client CPU µs/row", "sink CPU µs/row"):
        table.add_column(name, justify="left" if name == "topic" else "right")
    for duel in duels:
        table.add_row(
            duel.topic.name,
            _rate(duel.records, duel.client),
            _rate(duel.records, duel.sink),
            f"{duel.ratio:.2f}",
            _cpu_us(duel.records, duel.client),
            _cpu_us(duel.records, duel.sink),
        )
    return table


def _parts_table(duels: Sequence[Duel]) -> Shown:
    table = Shown(title="The sink's parts, each alone", title_justify="left")
    for name in ("topic", "part", "rows/s", "CPU µs/row", "best ratio"):
        table.add_column(name, justify="left" if name in {"topic", "part"} else "right")
    for duel in duels:
        parts = {
            "consuming": [one.consuming for one in duel.parts],
            "packing": [one.packing for one in duel.parts],
            "ClickHouse": [one.inserting for one in duel.parts],
        }
        for name, laps in parts.items():
            best = f"{duel.best:.2f}" if name == "ClickHouse" else ""
            rate, cpu = _rate(duel.records, laps), _cpu_us(duel.records, laps)
            table.add_row(duel.topic.name, name, rate, cpu, best)
    return table


def _rate(records: int, laps: Sequence[Lap]) -> str:
    return f"{records / median(lap.seconds for lap in laps):,.0f}"


def _cpu_us(records: int, laps: Sequence[Lap]) -> str:
    return f"{1e6 * median(lap.cpu_s for lap in laps) / records:.1f}"


if __name__ == "__main__":
    main()
