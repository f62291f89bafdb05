"""The counting of arrivals: it must see what the tables would merge away."""

from clickhouse_connect.driver.client import Client

from readystream.databases import migrate_database
from readystream.dev.probe import connect
from tests.chaos.held import count_arrivals, doubled
from tests.services.clickhouse import Database

_AGAIN = (
    "INSERT INTO statements (statement_id, received_at, origin_partition, origin_offset) "
    "SETTINGS {} VALUES ('a', now64(6), 1, 7)"
)


def test_a_record_that_arrives_twice_is_seen_although_the_table_merges_it(database: Database) -> None:
    client = _counting(database)
    for token in ("'1-7'", "'7-9'"):
        client.command(_AGAIN.format(f"insert_deduplication_token = {token}"))
    client.command("OPTIMIZE TABLE statements FINAL")
    assert client.command("SELECT count() FROM statements") == 1
    assert doubled(client) == ["statements 1/7 arrived 2 times"]


def test_a_block_that_is_sent_again_as_it_was_is_no_second_arrival(database: Database) -> None:
    client = _counting(database)
    settings = "insert_deduplication_token = '1-7', deduplicate_blocks_in_dependent_materialized_views = 1"
    for _ in range(2):
        client.command(_AGAIN.format(settings))
    assert doubled(client) == []


def _counting(database: Database) -> Client:
    migrate_database(database.dsn, database.name)
    client = connect(database.dsn, database.name)
    count_arrivals(client)
    return client
