-- What was received, kept as it came. Rows are keyed by their origin in Kafka, so a row that is sent again
-- replaces itself.

CREATE TABLE IF NOT EXISTS statements
(
    statement_id     String COMMENT 'Id of the statement, lower-case UUID',
    persona_id       String COMMENT 'Pseudonym of the actor; empty for an actor that identifies nobody',
    statement        String COMMENT 'JSON text of the statement, byte for byte as received' CODEC(ZSTD(3)),
    received_at      DateTime64(6, 'UTC') COMMENT 'When the adapter read the request',
    stored_at        DateTime64(6, 'UTC') COMMENT 'Stored time that this receiver states',
    credential       LowCardinality(String) COMMENT 'Name of the credential that delivered it',
    source           LowCardinality(String) COMMENT 'How it came: http, pull or import',
    xapi_version     LowCardinality(String) COMMENT 'xAPI version that the request spoke',
    correlation_id   String COMMENT 'Follows the delivery through every process',
    voids            String COMMENT 'Id of the statement that this one voids, or empty',
    origin_partition Int32 COMMENT 'Partition of xapi.statements that holds it',
    origin_offset    Int64 COMMENT 'Offset there',
    origin_epoch     Int32 COMMENT 'Incarnation of the topic',
    ingested_at      DateTime64(3, 'UTC') DEFAULT now64(3) COMMENT 'When ClickHouse took the row',
    INDEX by_statement statement_id TYPE bloom_filter GRANULARITY 4,
    INDEX by_stored_at stored_at TYPE minmax GRANULARITY 1
)
ENGINE = ReplacingMergeTree
PARTITION BY toYYYYMM(stored_at)
ORDER BY (origin_epoch, origin_partition, origin_offset)
SETTINGS non_replicated_deduplication_window = 10000
COMMENT 'The raw log: one row per accepted record of xapi.statements, duplicates of a statement included';

CREATE TABLE IF NOT EXISTS identity_links
(
    persona_id       String COMMENT 'The persona: one xAPI identifier',
    person_id        String COMMENT 'The person it belongs to, or no longer belongs to',
    action           LowCardinality(String) COMMENT 'link or unlink',
    rule             LowCardinality(String) COMMENT 'Rule that says so: human, sso_guid, hris_id, lms_feed, email, email_sha1 or email_alias',
    source           LowCardinality(String) COMMENT 'Where it came from, such as the name of the HR feed',
    confidence       Float64 COMMENT '0 to 1',
    valid_from       Date32 COMMENT 'First UTC day on which the link holds',
    valid_to         Nullable(Date32) COMMENT 'First UTC day on which it no longer holds; null while it lasts',
    actor            String COMMENT 'Who decided: a process name or a pseudonymous user id',
    reason           String COMMENT 'Why, in words',
    recorded_at      DateTime64(6, 'UTC') COMMENT 'When it was recorded',
    correlation_id   String COMMENT 'Follows the entry through every process',
    origin_partition Int32 COMMENT 'Partition of identity.links that holds it',
    origin_offset    Int64 COMMENT 'Offset there',
    origin_epoch     Int32 COMMENT 'Incarnation of the topic',
    version          UInt64 COMMENT 'Grows along the log of one persona; from the origin',
    ingested_at      DateTime64(3, 'UTC') DEFAULT now64(3) COMMENT 'When ClickHouse took the row'
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (persona_id, origin_epoch, origin_partition, origin_offset)
SETTINGS non_replicated_deduplication_window = 10000
COMMENT 'The append-only log of links between personas and persons, whole';

CREATE TABLE IF NOT EXISTS dead_letters
(
    reason         LowCardinality(String) COMMENT 'Machine-readable reason code',
    step           LowCardinality(String) COMMENT 'The step that refused the record',
    detail         String COMMENT 'What a person needs to understand it',
    topic          LowCardinality(String) COMMENT 'Topic the record came from; empty for what never reached one',
    partition      Int32 COMMENT 'Its partition',
    offset         Int64 COMMENT 'Its offset',
    epoch          Int32 COMMENT 'Incarnation of that topic',
    key            String COMMENT 'Its key, as it was',
    value          String COMMENT 'Its bytes, as they were' CODEC(ZSTD(3)),
    attempt        Int32 COMMENT '1 at first, one more for each replay',
    failed_at      DateTime64(6, 'UTC') COMMENT 'When it was refused',
    correlation_id String COMMENT 'The delivery, or empty',
    ingested_at    DateTime64(3, 'UTC') DEFAULT now64(3) COMMENT 'When ClickHouse took the row'
)
ENGINE = ReplacingMergeTree
PARTITION BY toYYYYMM(failed_at)
ORDER BY (topic, epoch, partition, offset, step, attempt, correlation_id, cityHash64(value))
SETTINGS non_replicated_deduplication_window = 10000
COMMENT 'Records that could not be processed. A refusal that is reported twice is one row';
