"""What ClickHouse holds: every published figure as a cell, and the ids and origins of what was accepted."""

from collections.abc import Iterator
from typing import Any

from clickhouse_connect.driver.client import Client

from tests.chaos.recompute import Cell

_BOOKKEEPING = {"person_id", "version", "correlation_id", "ingested_at"}
_VIEWS = (
    ("engagement", "current_engagement", "window_days"),
    ("skills", "current_skills", "skill"),
    ("readiness", "current_readiness", "role"),
)

# Counts arrivals as they happen. The tables would merge a row that came twice, and so hide it; what a
# materialized view has summed stays. Deduplicated by block like every view of the pipeline's own.
_ARRIVALS = (
    """CREATE TABLE chaos_arrivals (source String, partition Int32, offset Int64, rows UInt64)
       ENGINE = SummingMergeTree ORDER BY (source, partition, offset)
       SETTINGS non_replicated_deduplication_window = 10000""",
    *(
        f"""CREATE MATERIALIZED VIEW chaos_arrivals_of_{table} TO chaos_arrivals AS
            SELECT '{table}' AS source, origin_partition AS partition, origin_offset AS offset, 1 AS rows
            FROM {table}"""
        for table in ("statements", "identity_links")
    ),
)
_DOUBLED = """
SELECT source, partition, offset, sum(rows) AS arrived FROM chaos_arrivals
GROUP BY source, partition, offset HAVING arrived > 1 ORDER BY source, partition, offset
"""


def count_arrivals(client: Client) -> None:
    """Count from now on how often each record arrives in the raw tables."""
    for statement in _ARRIVALS:
        client.command(statement)


def doubled(client: Client) -> list[str]:
    """One sentence for each record that arrived more than once."""
    return [
        f"{row[0]} {row[1]}/{row[2]} arrived {row[3]} times" for row in client.query(_DOUBLED).result_rows
    ]


def statement_ids(client: Client, table: str) -> set[str]:
    """Ids of the statements in a table."""
    return {row[0] for row in client.query(f"SELECT DISTINCT statement_id FROM {table}").result_rows}


def dead_letters(client: Client) -> list[str]:
    """One sentence for each record that was set aside."""
    sql = "SELECT topic, partition, offset, step, reason, detail FROM dead_letters FINAL"
    return [f"dead letter of {row[0]} {row[1]}/{row[2]}: {row[3:]}" for row in client.query(sql).result_rows]


def held(client: Client) -> dict[Cell, Any]:
    """All cells that ClickHouse publishes."""
    return {cell: value for source in _VIEWS for cell, value in _cells(client, *source)}


def _cells(client: Client, table: str, view: str, key: str) -> Iterator[tuple[Cell, Any]]:
    for row in client.query(f"SELECT * FROM {view}").named_results():
        for name, value in row.items():
            if name not in _BOOKKEEPING | {key}:
                yield (table, row["person_id"], str(row[key]), name), value
