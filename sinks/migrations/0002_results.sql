-- What was derived. Versions come from the records, never from a clock: the highest version of a key is the
-- one that holds, in whatever order rows arrive. All versions of a key stand in one partition. The deduplication
-- window counts one entry for each month that an insert touches: history touches many.

CREATE TABLE IF NOT EXISTS learning_events
(
    statement_id     String COMMENT 'Id of the statement',
    persona_id       String COMMENT 'Who, as the sender names them',
    person_id        String COMMENT 'The person it was linked to when published; events_resolved knows later links',
    verb             LowCardinality(String) COMMENT 'Verb IRI',
    verb_class       LowCardinality(String) COMMENT 'assessed, exposure, engagement or none',
    activity         String COMMENT 'Activity IRI of the object; empty when the object is no activity',
    activity_name    String COMMENT 'A readable name of it, or empty',
    registration     String COMMENT 'Registration UUID, or empty',
    event_time       DateTime64(6, 'UTC') COMMENT 'When it happened; beyond 1900 to 2299 the nearest time that the type holds',
    skewed           Bool COMMENT 'True when the clock of the sender was ahead and stored was used as event time',
    stored_at        DateTime64(6, 'UTC') COMMENT 'When it was accepted',
    received_at      DateTime64(6, 'UTC') COMMENT 'When the adapter read it',
    slots            Array(Tuple(day Int32, first Int32, last Int32)) COMMENT 'Active five-minute slots: UTC day since 1970-01-01, first and last slot (0 to 287, inclusive)',
    time_source      LowCardinality(String) COMMENT 'What active time rests on: cmi5, scorm, video or slots',
    completions      Int32 COMMENT '1 if it counts as a completion',
    passes           Int32 COMMENT '1 if it counts as a pass',
    fails            Int32 COMMENT '1 if it counts as a fail',
    sessions         Int32 COMMENT '1 if it counts as a session',
    evidence         Array(Tuple(skill String, evidence_class String, activity String, day Int32, event_ms Int64, statement_id String, weight Int64, outcome Int64, mapping String, reviewed Bool)) COMMENT 'Skill evidence: day since 1970-01-01, event time in milliseconds, weight and weight times outcome in millionths',
    voided           Bool COMMENT 'True when the statement was voided: nothing of it counts',
    credential       LowCardinality(String) COMMENT 'Credential that delivered it',
    origin_partition Int32 COMMENT 'Partition of xapi.statements that holds it',
    origin_offset    Int64 COMMENT 'Offset there',
    origin_epoch     Int32 COMMENT 'Incarnation of the topic',
    version          UInt64 COMMENT 'The highest version of a statement holds',
    correlation_id   String COMMENT 'The delivery that it came with',
    ingested_at      DateTime64(3, 'UTC') DEFAULT now64(3) COMMENT 'When ClickHouse took the row',
    INDEX by_statement statement_id TYPE bloom_filter GRANULARITY 4,
    INDEX by_persona persona_id TYPE bloom_filter GRANULARITY 4
)
ENGINE = ReplacingMergeTree(version)
PARTITION BY toYYYYMM(event_time)
ORDER BY (toDate32(event_time), statement_id)
SETTINGS non_replicated_deduplication_window = 100000
COMMENT 'Normalised statements: one per distinct statement id once superseded versions are left out';

CREATE TABLE IF NOT EXISTS engagement_windows
(
    person_id       String COMMENT 'The person',
    window_days     Int32 COMMENT 'Length of the window: 7, 30, 90 or 180 days',
    as_of           Date32 COMMENT 'Last UTC day that is included',
    label           LowCardinality(String) COMMENT 'active, new, disengaging or inactive',
    trend           Nullable(Float64) COMMENT 'Minutes per day over 30 days relative to 180 days, minus 1; null without minutes',
    last_active_day Nullable(Date32) COMMENT 'Last UTC day with activity',
    time_source     LowCardinality(String) COMMENT 'Best source of active time in the 180 days',
    active_days     Int32 COMMENT 'Days with at least one statement',
    active_minutes  Int32 COMMENT 'Active minutes, at most 720 a day',
    statements      Int32 COMMENT 'Statements',
    completions     Int32 COMMENT 'Completions',
    passes          Int32 COMMENT 'Passes',
    fails           Int32 COMMENT 'Fails',
    sessions        Int32 COMMENT 'Sessions',
    score           Nullable(Float64) COMMENT 'Engagement, 0 to 100; null while the person is new',
    version         UInt64 COMMENT 'The highest version of a person and window holds',
    deleted         UInt8 COMMENT '1 when the person was withdrawn',
    correlation_id  String COMMENT 'The delivery that caused it; empty for an update by the passing of time',
    ingested_at     DateTime64(3, 'UTC') DEFAULT now64(3) COMMENT 'When ClickHouse took the row'
)
ENGINE = ReplacingMergeTree(version, deleted)
ORDER BY (window_days, person_id)
SETTINGS non_replicated_deduplication_window = 10000
COMMENT 'Engagement of each person in windows of whole UTC days that end with as_of; read current_engagement';

CREATE TABLE IF NOT EXISTS skill_levels
(
    person_id        String COMMENT 'The person',
    skill            LowCardinality(String) COMMENT 'Skill id',
    as_of            Date32 COMMENT 'UTC day at which evidence is aged',
    level            Float64 COMMENT '0 to 100; drifts towards the prior as evidence grows old, which is not forgetting',
    confidence       Float64 COMMENT '0 to 1: how much evidence stands behind it',
    low              Float64 COMMENT '5 % quantile of the level',
    high             Float64 COMMENT '95 % quantile of the level',
    evidence_count   Int32 COMMENT 'Items of evidence that count',
    unreviewed_share Float64 COMMENT 'Share of the weight on mappings that no human has reviewed, 0 to 1',
    top_evidence     Array(Tuple(statement_id String, persona_id String, evidence_class String, activity String, day Int32, contribution Float64)) COMMENT 'Items with the largest contribution: level with the item minus level without it; day since 1970-01-01',
    mapping          LowCardinality(String) COMMENT 'Version of the skill map',
    model            LowCardinality(String) COMMENT 'Version of the model',
    version          UInt64 COMMENT 'The highest version of a person and skill holds',
    deleted          UInt8 COMMENT '1 when the level was withdrawn',
    correlation_id   String COMMENT 'The delivery that caused it; empty for an update by the passing of time',
    ingested_at      DateTime64(3, 'UTC') DEFAULT now64(3) COMMENT 'When ClickHouse took the row'
)
ENGINE = ReplacingMergeTree(version, deleted)
ORDER BY (skill, person_id)
SETTINGS non_replicated_deduplication_window = 10000
COMMENT 'Level of each person in each skill; read current_skills';

CREATE TABLE IF NOT EXISTS readiness
(
    person_id      String COMMENT 'The person',
    role           LowCardinality(String) COMMENT 'Role id',
    profile        LowCardinality(String) COMMENT 'Version of the role profile',
    mapping        LowCardinality(String) COMMENT 'Version of the skill map',
    model          LowCardinality(String) COMMENT 'Version of the model',
    as_of          Date32 COMMENT 'UTC day at which evidence is aged; of a withdrawal, the day of it',
    score          Nullable(Float64) COMMENT '0 to 100; null when there is too little evidence',
    low            Nullable(Float64) COMMENT 'Lower end of the 90 % interval',
    high           Nullable(Float64) COMMENT 'Upper end of the 90 % interval',
    confidence     Float64 COMMENT '0 to 1',
    status         LowCardinality(String) COMMENT 'insufficient_evidence, developing, review or candidate; empty in a withdrawal',
    blocked_by     Array(String) COMMENT 'Critical skills that hold the score down',
    gaps           Array(Tuple(skill String, level Float64, required Float64, gap Float64, priority Float64, confidence Float64, critical Bool)) COMMENT 'Skills below what the profile asks, most urgent first',
    top_evidence   Array(Tuple(statement_id String, persona_id String, evidence_class String, activity String, day Int32, contribution Float64)) COMMENT 'Items with the largest contribution; day since 1970-01-01',
    raise_most     LowCardinality(String) COMMENT 'Skill whose closing would raise the score most, or empty',
    version        UInt64 COMMENT 'Grows with every update of a person and role',
    deleted        UInt8 COMMENT '1 for the withdrawal of a person and role',
    correlation_id String COMMENT 'The delivery that caused it; empty for an update by the passing of time',
    ingested_at    DateTime64(3, 'UTC') DEFAULT now64(3) COMMENT 'When ClickHouse took the row'
)
ENGINE = ReplacingMergeTree
PARTITION BY toYYYYMM(as_of)
ORDER BY (role, person_id, version)
SETTINGS non_replicated_deduplication_window = 10000
COMMENT 'History of readiness: every update of every person and role';

CREATE TABLE IF NOT EXISTS readiness_current AS readiness
ENGINE = ReplacingMergeTree(version, deleted)
ORDER BY (role, person_id)
SETTINGS non_replicated_deduplication_window = 10000
COMMENT 'Latest readiness of each person and role; read current_readiness';

CREATE MATERIALIZED VIEW IF NOT EXISTS readiness_to_current TO readiness_current
AS SELECT * FROM readiness
COMMENT 'Carries each update from readiness to readiness_current';
