-- What the workers say about their own state, and what they decided: the other side of every comparison.

CREATE TABLE IF NOT EXISTS reconciliation_snapshots
(
    epoch           Int32 COMMENT 'Incarnation of xapi.statements',
    partition       Int32 COMMENT 'Partition of xapi.statements',
    offset          Int64 COMMENT 'Offset of the last statement that is in the snapshot',
    previous_offset Int64 COMMENT 'The same of the snapshot before; -1 for the first',
    kind            LowCardinality(String) COMMENT 'row: a cell that changed since the snapshot before; manifest: the account of all of them',
    cell            String COMMENT 'row: persona|d|day since 1970-01-01, or persona|s|skill',
    content         String COMMENT 'row: the cell as canonical JSON; empty for a cell with nothing in it any more' CODEC(ZSTD(3)),
    rows            Int64 COMMENT 'manifest: how many rows',
    checksum        String COMMENT 'manifest: sum modulo 2^64 of the first eight bytes of the MD5 of each row',
    ingested_at     DateTime64(3, 'UTC') DEFAULT now64(3) COMMENT 'When ClickHouse took the row'
)
ENGINE = ReplacingMergeTree
ORDER BY (epoch, partition, kind, cell, offset)
SETTINGS non_replicated_deduplication_window = 10000
COMMENT 'Persona cells of the workers at exact offsets, each with every offset at which it was told';

CREATE TABLE IF NOT EXISTS identity_audit
(
    kind            LowCardinality(String) COMMENT 'moved: days changed their owner; conflict: the claim was contradicted by one at least as trusted',
    persona_id      String COMMENT 'The persona',
    person_id       String COMMENT 'moved: who has the days now; conflict: whom the new claim names',
    other_person_id String COMMENT 'moved: who had them; conflict: whom the standing claim names',
    rule            LowCardinality(String) COMMENT 'Rule of the new record of identity.links',
    other_rule      LowCardinality(String) COMMENT 'conflict: rule of the standing claim',
    source          LowCardinality(String) COMMENT 'Where the new record came from',
    version         UInt64 COMMENT 'Version of the new record: its place in identity.links',
    correlation_id  String COMMENT 'The delivery that brought it',
    ingested_at     DateTime64(3, 'UTC') DEFAULT now64(3) COMMENT 'When ClickHouse took the row'
)
ENGINE = ReplacingMergeTree
ORDER BY (persona_id, version, kind, person_id, other_person_id, other_rule)
SETTINGS non_replicated_deduplication_window = 10000
COMMENT 'What link decisions did: moves of personas between persons, and conflicts of claims';

CREATE TABLE IF NOT EXISTS readiness_alerts
(
    alert_id       String COMMENT 'person|role|n, n counting the crossings of this person and role from 1',
    person_id      String COMMENT 'The person',
    role           LowCardinality(String) COMMENT 'Role id',
    score          Float64 COMMENT 'The score that crossed, 70 to 100',
    status         LowCardinality(String) COMMENT 'Status published with it: review or candidate',
    confidence     Float64 COMMENT '0 to 1',
    profile        LowCardinality(String) COMMENT 'Version of the role profile',
    as_of          Date32 COMMENT 'UTC day of the figures',
    version        UInt64 COMMENT 'Version of the readiness update that caused it',
    correlation_id String COMMENT 'The delivery that caused it; empty when time or configuration did',
    ingested_at    DateTime64(3, 'UTC') DEFAULT now64(3) COMMENT 'When ClickHouse took the row'
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (role, person_id, alert_id)
SETTINGS non_replicated_deduplication_window = 10000
COMMENT 'Crossings of the candidate score, one row each once rows sent again are left out';
