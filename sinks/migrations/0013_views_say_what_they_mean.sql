-- The columns of views say what they mean and hold, as those of tables do. A view that is replaced later needs
-- its comments again. What a comparison found names pseudonyms and their figures: it goes after a year.

ALTER TABLE reconciliation_findings MODIFY TTL toDateTime(started_at) + INTERVAL 1 YEAR;

ALTER TABLE reconciliation_findings
    COMMENT COLUMN run_id 'Id of the run [none, 1 year]',
    COMMENT COLUMN started_at 'When it began [none, 1 year]',
    COMMENT COLUMN `kind` 'missing, surplus, altered, doubled, stale or hole [none, 1 year]',
    COMMENT COLUMN place 'Table, or lrs:SOURCE [none, 1 year]',
    COMMENT COLUMN `partition` 'Partition of xapi.statements, -1 where it does not matter [none, 1 year]',
    COMMENT COLUMN `key` 'The row or cell [pseudonym, 1 year]',
    COMMENT COLUMN expected 'What it should say, where that is known [conduct, 1 year]',
    COMMENT COLUMN found 'What it says [conduct, 1 year]';

ALTER TABLE schema_migrations
    COMMENT COLUMN version 'Number of the migration [none, no limit]',
    COMMENT COLUMN name 'Its name [none, no limit]',
    COMMENT COLUMN checksum 'SHA-256 of its text [none, no limit]',
    COMMENT COLUMN applied_at 'When it was applied [none, no limit]';

ALTER TABLE accepted_statements
    COMMENT COLUMN statement_id 'Id of the statement, lower-case UUID [pseudonym, 5 years]',
    COMMENT COLUMN persona_id 'Pseudonym of the actor; empty for an actor that identifies nobody [pseudonym, 5 years]',
    COMMENT COLUMN statement 'JSON text of the statement, byte for byte as received [identity, 5 years]',
    COMMENT COLUMN received_at 'When the adapter read the request [none, 5 years]',
    COMMENT COLUMN stored_at 'Stored time that this receiver states [none, 5 years]',
    COMMENT COLUMN credential 'Name of the credential that delivered it [none, 5 years]',
    COMMENT COLUMN source 'How it came: http, pull or import [none, 5 years]',
    COMMENT COLUMN xapi_version 'xAPI version that the request spoke [none, 5 years]',
    COMMENT COLUMN correlation_id 'Follows the delivery through every process [none, 5 years]',
    COMMENT COLUMN voids 'Id of the statement that this one voids, or empty [none, 5 years]',
    COMMENT COLUMN origin_partition 'Partition of xapi.statements that holds it [none, 5 years]',
    COMMENT COLUMN origin_offset 'Offset there [none, 5 years]',
    COMMENT COLUMN origin_epoch 'Incarnation of the topic [none, 5 years]',
    COMMENT COLUMN ingested_at 'When ClickHouse took the row [none, 5 years]';

ALTER TABLE current_engagement
    COMMENT COLUMN person_id 'The person [pseudonym, while current]',
    COMMENT COLUMN window_days 'Length of the window: 7, 30, 90 or 180 days [none, while current]',
    COMMENT COLUMN as_of 'Last UTC day that is included [none, while current]',
    COMMENT COLUMN label 'active, new, disengaging or inactive [conduct, while current]',
    COMMENT COLUMN trend 'Minutes per day over 30 days relative to 180 days, minus 1; null without minutes [conduct, while current]',
    COMMENT COLUMN last_active_day 'Last UTC day with activity [conduct, while current]',
    COMMENT COLUMN time_source 'Best source of active time in the 180 days [conduct, while current]',
    COMMENT COLUMN active_days 'Days with at least one statement [conduct, while current]',
    COMMENT COLUMN active_minutes 'Active minutes, at most 720 a day [conduct, while current]',
    COMMENT COLUMN statements 'Statements [conduct, while current]',
    COMMENT COLUMN completions 'Completions [conduct, while current]',
    COMMENT COLUMN passes 'Passes [conduct, while current]',
    COMMENT COLUMN fails 'Fails [conduct, while current]',
    COMMENT COLUMN sessions 'Sessions [conduct, while current]',
    COMMENT COLUMN score 'Engagement, 0 to 100; null while the person is new [conduct, while current]',
    COMMENT COLUMN version 'The highest version of a person and window holds [none, while current]',
    COMMENT COLUMN correlation_id 'The delivery that caused it; empty for an update by the passing of time [none, while current]',
    COMMENT COLUMN ingested_at 'When ClickHouse took the row [none, while current]';

ALTER TABLE current_readiness
    COMMENT COLUMN person_id 'The person [pseudonym, while current]',
    COMMENT COLUMN role 'Role id [conduct, while current]',
    COMMENT COLUMN profile 'Version of the role profile [none, while current]',
    COMMENT COLUMN mapping 'Version of the skill map [none, while current]',
    COMMENT COLUMN model 'Version of the model [none, while current]',
    COMMENT COLUMN as_of 'UTC day at which evidence is aged; of a withdrawal, the day of it [none, while current]',
    COMMENT COLUMN score '0 to 100; null when there is too little evidence [conduct, while current]',
    COMMENT COLUMN low 'Lower end of the 90 % interval [conduct, while current]',
    COMMENT COLUMN high 'Upper end of the 90 % interval [conduct, while current]',
    COMMENT COLUMN confidence '0 to 1 [conduct, while current]',
    COMMENT COLUMN status 'insufficient_evidence, developing, review or candidate; empty in a withdrawal [conduct, while current]',
    COMMENT COLUMN blocked_by 'Critical skills that hold the score down [conduct, while current]',
    COMMENT COLUMN gaps 'Skills below what the profile asks, most urgent first [conduct, while current]',
    COMMENT COLUMN top_evidence 'Items with the largest contribution; day since 1970-01-01 [conduct, while current]',
    COMMENT COLUMN raise_most 'Skill whose closing would raise the score most, or empty [conduct, while current]',
    COMMENT COLUMN version 'Grows with every update of a person and role [none, while current]',
    COMMENT COLUMN correlation_id 'The delivery that caused it; empty for an update by the passing of time [none, while current]',
    COMMENT COLUMN ingested_at 'When ClickHouse took the row [none, while current]';

ALTER TABLE current_skills
    COMMENT COLUMN person_id 'The person [pseudonym, while current]',
    COMMENT COLUMN skill 'Skill id [conduct, while current]',
    COMMENT COLUMN as_of 'UTC day at which evidence is aged [none, while current]',
    COMMENT COLUMN level '0 to 100; drifts towards the prior as evidence grows old, which is not forgetting [conduct, while current]',
    COMMENT COLUMN confidence '0 to 1: how much evidence stands behind it [conduct, while current]',
    COMMENT COLUMN low '5 % quantile of the level [conduct, while current]',
    COMMENT COLUMN high '95 % quantile of the level [conduct, while current]',
    COMMENT COLUMN evidence_count 'Items of evidence that count [conduct, while current]',
    COMMENT COLUMN unreviewed_share 'Share of the weight on mappings that no human has reviewed, 0 to 1 [conduct, while current]',
    COMMENT COLUMN top_evidence 'Items with the largest contribution: level with the item minus level without it; day since 1970-01-01 [conduct, while current]',
    COMMENT COLUMN mapping 'Version of the skill map [none, while current]',
    COMMENT COLUMN model 'Version of the model [none, while current]',
    COMMENT COLUMN version 'The highest version of a person and skill holds [none, while current]',
    COMMENT COLUMN correlation_id 'The delivery that caused it; empty for an update by the passing of time [none, while current]',
    COMMENT COLUMN ingested_at 'When ClickHouse took the row [none, while current]';

ALTER TABLE events_resolved
    COMMENT COLUMN statement_id 'Id of the statement [pseudonym, 5 years]',
    COMMENT COLUMN persona_id 'Who, as the sender names them [pseudonym, 5 years]',
    COMMENT COLUMN verb 'Verb IRI [conduct, 5 years]',
    COMMENT COLUMN verb_class 'assessed, exposure, engagement or none [conduct, 5 years]',
    COMMENT COLUMN activity 'Activity IRI of the object; empty when the object is no activity [conduct, 5 years]',
    COMMENT COLUMN activity_name 'A readable name of it, or empty [conduct, 5 years]',
    COMMENT COLUMN registration 'Registration UUID, or empty [pseudonym, 5 years]',
    COMMENT COLUMN event_time 'When it happened; beyond 1900 to 2299 the nearest time that the type holds [conduct, 5 years]',
    COMMENT COLUMN skewed 'True when the clock of the sender was ahead and stored was used as event time [conduct, 5 years]',
    COMMENT COLUMN stored_at 'When it was accepted [none, 5 years]',
    COMMENT COLUMN received_at 'When the adapter read it [none, 5 years]',
    COMMENT COLUMN slots 'Active five-minute slots: UTC day since 1970-01-01, first and last slot (0 to 287, inclusive) [conduct, 5 years]',
    COMMENT COLUMN time_source 'What active time rests on: cmi5, scorm, video or slots [conduct, 5 years]',
    COMMENT COLUMN completions '1 if it counts as a completion [conduct, 5 years]',
    COMMENT COLUMN passes '1 if it counts as a pass [conduct, 5 years]',
    COMMENT COLUMN fails '1 if it counts as a fail [conduct, 5 years]',
    COMMENT COLUMN sessions '1 if it counts as a session [conduct, 5 years]',
    COMMENT COLUMN evidence 'Skill evidence: day since 1970-01-01, event time in milliseconds, weight and weight times outcome in millionths [conduct, 5 years]',
    COMMENT COLUMN credential 'Credential that delivered it [none, 5 years]',
    COMMENT COLUMN origin_partition 'Partition of xapi.statements that holds it [none, 5 years]',
    COMMENT COLUMN origin_offset 'Offset there [none, 5 years]',
    COMMENT COLUMN origin_epoch 'Incarnation of the topic [none, 5 years]',
    COMMENT COLUMN version 'The highest version of a statement holds [none, 5 years]',
    COMMENT COLUMN correlation_id 'The delivery that it came with [none, 5 years]',
    COMMENT COLUMN ingested_at 'When ClickHouse took the row [none, 5 years]',
    COMMENT COLUMN event_day 'UTC day of event_time [conduct, 5 years]',
    COMMENT COLUMN published_person_id 'The person it was linked to when published [pseudonym, 5 years]',
    COMMENT COLUMN person_id 'The person whom the persona belonged to on that day, as links stand now; the persona itself without a link [pseudonym, 5 years]';

ALTER TABLE persona_person
    COMMENT COLUMN persona_id 'The persona: one xAPI identifier [pseudonym, no limit]',
    COMMENT COLUMN valid_from 'First UTC day on which the persona belongs to the person [none, no limit]',
    COMMENT COLUMN valid_to 'First UTC day on which it no longer does; 2299-12-31 while it lasts [none, no limit]',
    COMMENT COLUMN person_id 'The person it belongs to [pseudonym, no limit]',
    COMMENT COLUMN rule 'Rule of the link in force, the most trusted of them [none, no limit]',
    COMMENT COLUMN source 'Where that link came from [none, no limit]',
    COMMENT COLUMN confidence 'Confidence of that link, 0 to 1 [none, no limit]',
    COMMENT COLUMN version 'Version of that link [none, no limit]';

ALTER TABLE reconciliation_daily
    COMMENT COLUMN day 'UTC day on which runs began [none, no limit]',
    COMMENT COLUMN runs 'Runs of the day [none, no limit]',
    COMMENT COLUMN last_verdict 'Verdict of the last of them [none, no limit]',
    COMMENT COLUMN worst_ratio 'Largest relative drift of a figure in any of them [none, no limit]',
    COMMENT COLUMN differences 'Absolute differences of all figures and runs, summed [none, no limit]',
    COMMENT COLUMN repaired_rows 'Rows made right [none, no limit]',
    COMMENT COLUMN offsets 'Up to where the last run compared each partition of xapi.statements [none, no limit]';
