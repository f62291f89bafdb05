CREATE TABLE IF NOT EXISTS ingest_intent
(
    topic        LowCardinality(String) COMMENT 'Topic',
    epoch        Int32 COMMENT 'Incarnation of the topic',
    partition    Int32 COMMENT 'Partition',
    start_offset Int64 COMMENT 'First offset of the range that is inserted as one block',
    end_offset   Int64 COMMENT 'Last offset of the range, inclusive',
    written_at   DateTime64(3, 'UTC') DEFAULT now64(3) COMMENT 'When the range was announced'
)
ENGINE = ReplacingMergeTree(start_offset)
ORDER BY (topic, epoch, partition)
SETTINGS non_replicated_deduplication_window = 100000
COMMENT 'The range that a sink is about to insert, or has inserted last, of each partition: a successor finishes it first';
