-- What reconciliations came to: a row for each run, for each day of each run, and for what was wrong.

CREATE TABLE IF NOT EXISTS reconciliation_runs
(
    run_id       String COMMENT 'Id of the run',
    started_at   DateTime64(3, 'UTC') COMMENT 'When it began',
    finished_at  DateTime64(3, 'UTC') COMMENT 'When it ended',
    verdict      LowCardinality(String) COMMENT 'exact, within threshold, drift, or unproven when there was no snapshot to compare with',
    threshold    Float64 COMMENT 'Relative drift that was tolerated',
    worst_ratio  Float64 COMMENT 'Largest relative drift of a figure',
    offsets      Array(Tuple(partition Int32, offset Int64)) COMMENT 'Up to where each partition of xapi.statements was compared',
    figures      Array(Tuple(figure String, expected Int64, difference Int64)) COMMENT 'Each figure: what it should come to, and the sum of absolute differences',
    event_copies Int64 COMMENT 'Rows of events that were sent again and that readers never see',
    repaired     Array(Tuple(place String, rows Int64)) COMMENT 'What was made right, by table'
)
ENGINE = ReplacingMergeTree(finished_at)
ORDER BY (started_at, run_id)
COMMENT 'Reconciliations, one row each';

CREATE TABLE IF NOT EXISTS reconciliation_days
(
    run_id         String COMMENT 'Id of the run',
    started_at     DateTime64(3, 'UTC') COMMENT 'When it began',
    partition      Int32 COMMENT 'Partition of xapi.statements',
    facts          LowCardinality(String) COMMENT 'days: activity of personas; evidence: items of skill evidence',
    day            Int32 COMMENT 'UTC day since 1970-01-01',
    told           Int64 COMMENT 'Facts that the workers told',
    wrong          Int64 COMMENT 'Facts that differ',
    told_checksum  UInt64 COMMENT 'Checksum of what the workers told; the order of rows does not matter',
    found_checksum UInt64 COMMENT 'The same of what was recomputed from learning_events'
)
ENGINE = ReplacingMergeTree
ORDER BY (started_at, run_id, partition, facts, day)
TTL toDateTime(started_at) + INTERVAL 90 DAY
COMMENT 'Checksums by day of each reconciliation, kept for 90 days';

CREATE TABLE IF NOT EXISTS reconciliation_findings
(
    run_id     String COMMENT 'Id of the run',
    started_at DateTime64(3, 'UTC') COMMENT 'When it began',
    kind       LowCardinality(String) COMMENT 'missing, surplus, altered, doubled, stale or hole',
    place      LowCardinality(String) COMMENT 'Table, or lrs:SOURCE',
    partition  Int32 COMMENT 'Partition of xapi.statements, -1 where it does not matter',
    key        String COMMENT 'The row or cell',
    expected   String COMMENT 'What it should say, where that is known',
    found      String COMMENT 'What it says'
)
ENGINE = ReplacingMergeTree
ORDER BY (started_at, run_id, kind, place, partition, key)
COMMENT 'The largest discrepancies of each reconciliation';

CREATE OR REPLACE VIEW reconciliation_daily
AS
SELECT
    toDate(started_at) AS day,
    count() AS runs,
    argMax(verdict, started_at) AS last_verdict,
    max(worst_ratio) AS worst_ratio,
    sum(arraySum(arrayMap(one -> one.difference, figures))) AS differences,
    sum(arraySum(arrayMap(one -> one.rows, repaired))) AS repaired_rows,
    argMax(offsets, started_at) AS offsets
FROM reconciliation_runs FINAL
GROUP BY day
COMMENT 'Reconciliation by UTC day: how often it ran, how it ended, the largest drift';
