import re

from sinks.cluster import cluster_sql, replicated
from sinks.migrate import shipped


def test_a_table_becomes_one_of_replicas_that_remember_tokens_together() -> None:
    made = replicated(
        "CREATE TABLE IF NOT EXISTS t (n Int32) ENGINE = ReplacingMergeTree(version, deleted) ORDER BY n "
        "SETTINGS non_replicated_deduplication_window = 100"
    )

    assert made == (
        "CREATE TABLE IF NOT EXISTS t ON CLUSTER '{cluster}' (n Int32) "
        "ENGINE = ReplicatedReplacingMergeTree("
        "'/clickhouse/tables/{uuid}/{shard}', '{replica}', version, deleted) "
        "ORDER BY n SETTINGS replicated_deduplication_window = 100, "
        "replicated_deduplication_window_seconds = 31536000"
    )


def test_an_engine_without_arguments_gets_its_place() -> None:
    assert replicated("ENGINE = ReplacingMergeTree\nORDER BY n") == (
        "ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{uuid}/{shard}', '{replica}')\nORDER BY n"
    )


def test_views_and_changes_go_to_every_server() -> None:
    assert replicated("CREATE OR REPLACE VIEW v AS SELECT 1") == (
        "CREATE OR REPLACE VIEW v ON CLUSTER '{cluster}' AS SELECT 1"
    )
    assert replicated("ALTER TABLE t ADD COLUMN c Int32") == (
        "ALTER TABLE t ON CLUSTER '{cluster}' ADD COLUMN c Int32"
    )


def test_nothing_of_one_server_is_left() -> None:
    script = cluster_sql()

    assert not re.findall(r"ENGINE = (?!Replicated)\w*MergeTree", script)
    assert "non_replicated" not in script
    assert all(migration.checksum in script for migration in shipped())
