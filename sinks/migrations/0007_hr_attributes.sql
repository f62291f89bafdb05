-- What HR systems said of employees: true from a day on, known from a moment on, never replaced.

CREATE TABLE IF NOT EXISTS hr_attributes
(
    person_id      String COMMENT 'The person: a pseudonym of the employee id',
    valid_from     Date32 COMMENT 'First UTC day of which it is said',
    job_role       LowCardinality(String) COMMENT 'Role in the organisation, or empty',
    manager_id     String COMMENT 'The manager: a pseudonym, or empty',
    status         LowCardinality(String) COMMENT 'Employment status, or empty',
    hire_date      Nullable(Date32) COMMENT 'First day of employment; null where unsaid',
    end_date       Nullable(Date32) COMMENT 'Last day of employment; null while it lasts',
    source         LowCardinality(String) COMMENT 'The HR system that says so',
    recorded_at    DateTime64(6, 'UTC') COMMENT 'When it was recorded',
    correlation_id String COMMENT 'Follows the entry through every process',
    version        UInt64 COMMENT 'Its place in the topic',
    ingested_at    DateTime64(3, 'UTC') DEFAULT now64(3) COMMENT 'When ClickHouse took the row'
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (person_id, valid_from, recorded_at, source)
SETTINGS non_replicated_deduplication_window = 10000
COMMENT 'What HR systems said of employees, whole';
