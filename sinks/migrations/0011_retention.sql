-- Each column says what class of personal data it holds and how long its rows are kept; what has a limit is
-- deleted by it. Classes: none; pseudonym: tells persons apart; conduct: what a pseudonym did, and what was
-- concluded from it; employment: what HR says of a pseudonym; identity: text that may name people. Clocks are
-- the receiver's: time that senders state may be wrong, and what is deleted does not come back.

ALTER TABLE statements MODIFY TTL toDateTime(received_at) + INTERVAL 5 YEAR;

ALTER TABLE learning_events MODIFY TTL toDateTime(received_at) + INTERVAL 5 YEAR;

ALTER TABLE readiness MODIFY TTL toDate(as_of) + INTERVAL 5 YEAR;

ALTER TABLE readiness_alerts MODIFY TTL toDate(as_of) + INTERVAL 5 YEAR;

ALTER TABLE identity_audit MODIFY TTL toDateTime(ingested_at) + INTERVAL 5 YEAR;

ALTER TABLE dead_letters MODIFY TTL toDateTime(failed_at) + INTERVAL 1 YEAR;

ALTER TABLE dead_letters
    COMMENT COLUMN reason 'Machine-readable reason code [none, 1 year]',
    COMMENT COLUMN step 'The step that refused the record [none, 1 year]',
    COMMENT COLUMN detail 'What a person needs to understand it [identity, 1 year]',
    COMMENT COLUMN topic 'Topic the record came from; empty for what never reached one [none, 1 year]',
    COMMENT COLUMN `partition` 'Its partition [none, 1 year]',
    COMMENT COLUMN `offset` 'Its offset [none, 1 year]',
    COMMENT COLUMN epoch 'Incarnation of that topic [none, 1 year]',
    COMMENT COLUMN `key` 'Its key, as it was [pseudonym, 1 year]',
    COMMENT COLUMN `value` 'Its bytes, as they were [identity, 1 year]',
    COMMENT COLUMN attempt '1 at first, one more for each replay [none, 1 year]',
    COMMENT COLUMN failed_at 'When it was refused [none, 1 year]',
    COMMENT COLUMN correlation_id 'The delivery, or empty [none, 1 year]',
    COMMENT COLUMN credential 'Name of the credential that delivered it, where it is known [none, 1 year]',
    COMMENT COLUMN resolution 'Empty while the letter is open; replayed or dropped once it is settled [none, 1 year]',
    COMMENT COLUMN note 'Why it was settled so, in the words of the operator [identity, 1 year]',
    COMMENT COLUMN ingested_at 'When ClickHouse took the row [none, 1 year]';

ALTER TABLE engagement_windows
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
    COMMENT COLUMN deleted '1 when the person was withdrawn [none, while current]',
    COMMENT COLUMN correlation_id 'The delivery that caused it; empty for an update by the passing of time [none, while current]',
    COMMENT COLUMN ingested_at 'When ClickHouse took the row [none, while current]';

ALTER TABLE hr_attributes
    COMMENT COLUMN person_id 'The person: a pseudonym of the employee id [pseudonym, no limit]',
    COMMENT COLUMN valid_from 'First UTC day of which it is said [employment, no limit]',
    COMMENT COLUMN job_role 'Role in the organisation, or empty [employment, no limit]',
    COMMENT COLUMN manager_id 'The manager: a pseudonym, or empty [pseudonym, no limit]',
    COMMENT COLUMN status 'Employment status, or empty [employment, no limit]',
    COMMENT COLUMN hire_date 'First day of employment; null where unsaid [employment, no limit]',
    COMMENT COLUMN end_date 'Last day of employment; null while it lasts [employment, no limit]',
    COMMENT COLUMN source 'The HR system that says so [none, no limit]',
    COMMENT COLUMN recorded_at 'When it was recorded [none, no limit]',
    COMMENT COLUMN correlation_id 'Follows the entry through every process [none, no limit]',
    COMMENT COLUMN version 'Its place in the topic [none, no limit]',
    COMMENT COLUMN ingested_at 'When ClickHouse took the row [none, no limit]';

ALTER TABLE identity_audit
    COMMENT COLUMN `kind` 'moved: days changed their owner; conflict: the claim was contradicted by one at least as trusted [none, 5 years]',
    COMMENT COLUMN persona_id 'The persona [pseudonym, 5 years]',
    COMMENT COLUMN person_id 'moved: who has the days now; conflict: whom the new claim names [pseudonym, 5 years]',
    COMMENT COLUMN other_person_id 'moved: who had them; conflict: whom the standing claim names [pseudonym, 5 years]',
    COMMENT COLUMN rule 'Rule of the new record of identity.links [none, 5 years]',
    COMMENT COLUMN other_rule 'conflict: rule of the standing claim [none, 5 years]',
    COMMENT COLUMN source 'Where the new record came from [none, 5 years]',
    COMMENT COLUMN version 'Version of the new record: its place in identity.links [none, 5 years]',
    COMMENT COLUMN correlation_id 'The delivery that brought it [none, 5 years]',
    COMMENT COLUMN ingested_at 'When ClickHouse took the row [none, 5 years]';

ALTER TABLE identity_links
    COMMENT COLUMN persona_id 'The persona: one xAPI identifier [pseudonym, no limit]',
    COMMENT COLUMN person_id 'The person it belongs to, or no longer belongs to [pseudonym, no limit]',
    COMMENT COLUMN action 'link or unlink [none, no limit]',
    COMMENT COLUMN rule 'Rule that says so: human, sso_guid, hris_id, lms_feed, email, email_sha1 or email_alias [none, no limit]',
    COMMENT COLUMN source 'Where it came from, such as the name of the HR feed [none, no limit]',
    COMMENT COLUMN confidence '0 to 1 [none, no limit]',
    COMMENT COLUMN valid_from 'First UTC day on which the link holds [none, no limit]',
    COMMENT COLUMN valid_to 'First UTC day on which it no longer holds; null while it lasts [none, no limit]',
    COMMENT COLUMN actor 'Who decided: a process name or a pseudonymous user id [pseudonym, no limit]',
    COMMENT COLUMN reason 'Why, in words [identity, no limit]',
    COMMENT COLUMN recorded_at 'When it was recorded [none, no limit]',
    COMMENT COLUMN correlation_id 'Follows the entry through every process [none, no limit]',
    COMMENT COLUMN origin_partition 'Partition of identity.links that holds it [none, no limit]',
    COMMENT COLUMN origin_offset 'Offset there [none, no limit]',
    COMMENT COLUMN origin_epoch 'Incarnation of the topic [none, no limit]',
    COMMENT COLUMN version 'Grows along the log of one persona; from the origin [none, no limit]',
    COMMENT COLUMN ingested_at 'When ClickHouse took the row [none, no limit]';

ALTER TABLE ingest_intent
    COMMENT COLUMN topic 'Topic [none, no limit]',
    COMMENT COLUMN epoch 'Incarnation of the topic [none, no limit]',
    COMMENT COLUMN `partition` 'Partition [none, no limit]',
    COMMENT COLUMN start_offset 'First offset of the range that is inserted as one block [none, no limit]',
    COMMENT COLUMN end_offset 'Last offset of the range, inclusive [none, no limit]',
    COMMENT COLUMN round 'Number of the round: each is taken once, whichever sink takes it [none, no limit]',
    COMMENT COLUMN written_at 'When the range was announced [none, no limit]';

ALTER TABLE learning_events
    COMMENT COLUMN statement_id 'Id of the statement [pseudonym, 5 years]',
    COMMENT COLUMN persona_id 'Who, as the sender names them [pseudonym, 5 years]',
    COMMENT COLUMN person_id 'The person it was linked to when published; events_resolved knows later links [pseudonym, 5 years]',
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
    COMMENT COLUMN voided 'True when the statement was voided: nothing of it counts [conduct, 5 years]',
    COMMENT COLUMN credential 'Credential that delivered it [none, 5 years]',
    COMMENT COLUMN origin_partition 'Partition of xapi.statements that holds it [none, 5 years]',
    COMMENT COLUMN origin_offset 'Offset there [none, 5 years]',
    COMMENT COLUMN origin_epoch 'Incarnation of the topic [none, 5 years]',
    COMMENT COLUMN version 'The highest version of a statement holds [none, 5 years]',
    COMMENT COLUMN correlation_id 'The delivery that it came with [none, 5 years]',
    COMMENT COLUMN ingested_at 'When ClickHouse took the row [none, 5 years]';

ALTER TABLE readiness
    COMMENT COLUMN person_id 'The person [pseudonym, 5 years]',
    COMMENT COLUMN role 'Role id [conduct, 5 years]',
    COMMENT COLUMN profile 'Version of the role profile [none, 5 years]',
    COMMENT COLUMN mapping 'Version of the skill map [none, 5 years]',
    COMMENT COLUMN model 'Version of the model [none, 5 years]',
    COMMENT COLUMN as_of 'UTC day at which evidence is aged; of a withdrawal, the day of it [none, 5 years]',
    COMMENT COLUMN score '0 to 100; null when there is too little evidence [conduct, 5 years]',
    COMMENT COLUMN low 'Lower end of the 90 % interval [conduct, 5 years]',
    COMMENT COLUMN high 'Upper end of the 90 % interval [conduct, 5 years]',
    COMMENT COLUMN confidence '0 to 1 [conduct, 5 years]',
    COMMENT COLUMN status 'insufficient_evidence, developing, review or candidate; empty in a withdrawal [conduct, 5 years]',
    COMMENT COLUMN blocked_by 'Critical skills that hold the score down [conduct, 5 years]',
    COMMENT COLUMN gaps 'Skills below what the profile asks, most urgent first [conduct, 5 years]',
    COMMENT COLUMN top_evidence 'Items with the largest contribution; day since 1970-01-01 [conduct, 5 years]',
    COMMENT COLUMN raise_most 'Skill whose closing would raise the score most, or empty [conduct, 5 years]',
    COMMENT COLUMN version 'Grows with every update of a person and role [none, 5 years]',
    COMMENT COLUMN deleted '1 for the withdrawal of a person and role [none, 5 years]',
    COMMENT COLUMN correlation_id 'The delivery that caused it; empty for an update by the passing of time [none, 5 years]',
    COMMENT COLUMN ingested_at 'When ClickHouse took the row [none, 5 years]';

ALTER TABLE readiness_alerts
    COMMENT COLUMN alert_id 'person|role|n, n counting the crossings of this person and role from 1 [pseudonym, 5 years]',
    COMMENT COLUMN person_id 'The person [pseudonym, 5 years]',
    COMMENT COLUMN role 'Role id [conduct, 5 years]',
    COMMENT COLUMN score 'The score that crossed, 70 to 100 [conduct, 5 years]',
    COMMENT COLUMN status 'Status published with it: review or candidate [conduct, 5 years]',
    COMMENT COLUMN confidence '0 to 1 [conduct, 5 years]',
    COMMENT COLUMN profile 'Version of the role profile [none, 5 years]',
    COMMENT COLUMN as_of 'UTC day of the figures [none, 5 years]',
    COMMENT COLUMN version 'Version of the readiness update that caused it [none, 5 years]',
    COMMENT COLUMN correlation_id 'The delivery that caused it; empty when time or configuration did [none, 5 years]',
    COMMENT COLUMN ingested_at 'When ClickHouse took the row [none, 5 years]';

ALTER TABLE readiness_current
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
    COMMENT COLUMN deleted '1 for the withdrawal of a person and role [none, while current]',
    COMMENT COLUMN correlation_id 'The delivery that caused it; empty for an update by the passing of time [none, while current]',
    COMMENT COLUMN ingested_at 'When ClickHouse took the row [none, while current]';

ALTER TABLE reconciliation_days
    COMMENT COLUMN run_id 'Id of the run [none, 90 days]',
    COMMENT COLUMN started_at 'When it began [none, 90 days]',
    COMMENT COLUMN `partition` 'Partition of xapi.statements [none, 90 days]',
    COMMENT COLUMN facts 'days: activity of personas; evidence: items of skill evidence [none, 90 days]',
    COMMENT COLUMN day 'UTC day since 1970-01-01 [none, 90 days]',
    COMMENT COLUMN told 'Facts that the workers told [none, 90 days]',
    COMMENT COLUMN wrong 'Facts that differ [none, 90 days]',
    COMMENT COLUMN told_checksum 'Checksum of what the workers told; the order of rows does not matter [none, 90 days]',
    COMMENT COLUMN found_checksum 'The same of what was recomputed from learning_events [none, 90 days]';

ALTER TABLE reconciliation_findings
    COMMENT COLUMN run_id 'Id of the run [none, no limit]',
    COMMENT COLUMN started_at 'When it began [none, no limit]',
    COMMENT COLUMN `kind` 'missing, surplus, altered, doubled, stale or hole [none, no limit]',
    COMMENT COLUMN place 'Table, or lrs:SOURCE [none, no limit]',
    COMMENT COLUMN `partition` 'Partition of xapi.statements, -1 where it does not matter [none, no limit]',
    COMMENT COLUMN `key` 'The row or cell [pseudonym, no limit]',
    COMMENT COLUMN expected 'What it should say, where that is known [conduct, no limit]',
    COMMENT COLUMN found 'What it says [conduct, no limit]';

ALTER TABLE reconciliation_runs
    COMMENT COLUMN run_id 'Id of the run [none, no limit]',
    COMMENT COLUMN started_at 'When it began [none, no limit]',
    COMMENT COLUMN finished_at 'When it ended [none, no limit]',
    COMMENT COLUMN verdict 'exact, within threshold, drift, or unproven when there was no snapshot to compare with [none, no limit]',
    COMMENT COLUMN threshold 'Relative drift that was tolerated [none, no limit]',
    COMMENT COLUMN worst_ratio 'Largest relative drift of a figure [none, no limit]',
    COMMENT COLUMN offsets 'Up to where each partition of xapi.statements was compared [none, no limit]',
    COMMENT COLUMN figures 'Each figure: what it should come to, and the sum of absolute differences [none, no limit]',
    COMMENT COLUMN event_copies 'Rows of events that were sent again and that readers never see [none, no limit]',
    COMMENT COLUMN repaired 'What was made right, by table [none, no limit]';

ALTER TABLE reconciliation_snapshots
    COMMENT COLUMN epoch 'Incarnation of xapi.statements [none, no limit]',
    COMMENT COLUMN `partition` 'Partition of xapi.statements [none, no limit]',
    COMMENT COLUMN `offset` 'Offset of the last statement that is in the snapshot [none, no limit]',
    COMMENT COLUMN previous_offset 'The same of the snapshot before; -1 for the first [none, no limit]',
    COMMENT COLUMN `kind` 'row: a cell that changed since the snapshot before; manifest: the account of all of them [none, no limit]',
    COMMENT COLUMN cell 'row: persona|d|day since 1970-01-01, or persona|s|skill [pseudonym, no limit]',
    COMMENT COLUMN content 'row: the cell as canonical JSON; empty for a cell with nothing in it any more [conduct, no limit]',
    COMMENT COLUMN `rows` 'manifest: how many rows [none, no limit]',
    COMMENT COLUMN checksum 'manifest: sum modulo 2^64 of the first eight bytes of the MD5 of each row [none, no limit]',
    COMMENT COLUMN days_since 'manifest: first day that is kept, days since 1970-01-01 [none, no limit]',
    COMMENT COLUMN evidence_since 'manifest: the same of the items of evidence in skill cells [none, no limit]',
    COMMENT COLUMN ingested_at 'When ClickHouse took the row [none, no limit]';

ALTER TABLE skill_levels
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
    COMMENT COLUMN deleted '1 when the level was withdrawn [none, while current]',
    COMMENT COLUMN correlation_id 'The delivery that caused it; empty for an update by the passing of time [none, while current]',
    COMMENT COLUMN ingested_at 'When ClickHouse took the row [none, while current]';

ALTER TABLE statements
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
