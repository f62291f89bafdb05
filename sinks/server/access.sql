-- Roles, row policies and settings of a ClickHouse server or cluster: run it as an administrator after the
-- migrations, on a cluster with ON CLUSTER '{cluster}' after each name. It can be run again.
--
-- Everybody but auditors sees pseudonyms: no column whose comment calls it [identity, …] is granted to them. Who may
-- turn pseudonyms back into people keeps the tenant key, which ClickHouse never sees.

CREATE ROLE IF NOT EXISTS readystream_sink;
CREATE ROLE IF NOT EXISTS readystream_analyst;
CREATE ROLE IF NOT EXISTS readystream_manager;
CREATE ROLE IF NOT EXISTS readystream_auditor;

-- The sink writes, migrates, and tries rows on tables of its own; so do the commands migrate, reconcile and features.
GRANT SELECT, INSERT, ALTER, CREATE DATABASE, CREATE TABLE, CREATE VIEW, DROP TABLE, DROP VIEW, OPTIMIZE
    ON readystream.* TO readystream_sink;

-- On a cluster each announcement must be seen by the next, whichever replica is asked.
CREATE SETTINGS PROFILE IF NOT EXISTS readystream_sink
    SETTINGS insert_quorum = 'auto', insert_quorum_parallel = 0, select_sequential_consistency = 1
    TO readystream_sink;

-- Analysts: figures, events, links and attributes of everybody, under pseudonyms.
GRANT SELECT ON readystream.current_engagement TO readystream_analyst;
GRANT SELECT ON readystream.current_skills TO readystream_analyst;
GRANT SELECT ON readystream.current_readiness TO readystream_analyst;
GRANT SELECT ON readystream.events_resolved TO readystream_analyst;
GRANT SELECT ON readystream.events_of_person TO readystream_analyst;
GRANT SELECT ON readystream.persona_person TO readystream_analyst;
GRANT SELECT ON readystream.reconciliation_daily TO readystream_analyst;
GRANT SELECT ON readystream.learning_events TO readystream_analyst;
GRANT SELECT ON readystream.engagement_windows TO readystream_analyst;
GRANT SELECT ON readystream.skill_levels TO readystream_analyst;
GRANT SELECT ON readystream.readiness TO readystream_analyst;
GRANT SELECT ON readystream.readiness_current TO readystream_analyst;
GRANT SELECT ON readystream.readiness_alerts TO readystream_analyst;
GRANT SELECT ON readystream.hr_attributes TO readystream_analyst;
GRANT SELECT ON readystream.identity_audit TO readystream_analyst;
GRANT SELECT ON readystream.ingest_intent TO readystream_analyst;
GRANT SELECT ON readystream.reconciliation_runs TO readystream_analyst;
GRANT SELECT ON readystream.reconciliation_days TO readystream_analyst;
GRANT SELECT ON readystream.reconciliation_findings TO readystream_analyst;
GRANT SELECT ON readystream.reconciliation_snapshots TO readystream_analyst;

-- The same where a column holds text that may name people: all columns but that one.
GRANT SELECT(persona_id, person_id, action, rule, source, confidence, valid_from, valid_to, actor, recorded_at, correlation_id, origin_partition, origin_offset, origin_epoch, version, ingested_at)
    ON readystream.identity_links TO readystream_analyst;
GRANT SELECT(statement_id, persona_id, received_at, stored_at, credential, source, xapi_version, correlation_id, voids, origin_partition, origin_offset, origin_epoch, ingested_at)
    ON readystream.statements TO readystream_analyst;
GRANT SELECT(statement_id, persona_id, received_at, stored_at, credential, source, xapi_version, correlation_id, voids, origin_partition, origin_offset, origin_epoch, ingested_at)
    ON readystream.accepted_statements TO readystream_analyst;
GRANT SELECT(reason, step, topic, `partition`, `offset`, epoch, `key`, attempt, failed_at, correlation_id, credential, resolution, ingested_at)
    ON readystream.dead_letters TO readystream_analyst;

-- Managers: the figures of their direct reports. A manager's user carries the manager's pseudonym:
--     CREATE USER ... DEFAULT ROLE readystream_manager SETTINGS readystream_person_id = '<person_id>' READONLY
-- with custom_settings_prefixes = readystream_ in the server's configuration. A policy reads with the rights of
-- who asks: that is why managers may read who reports to whom, under pseudonyms, and nothing else that HR says.
GRANT SELECT ON readystream.current_engagement TO readystream_manager;
GRANT SELECT ON readystream.current_skills TO readystream_manager;
GRANT SELECT ON readystream.current_readiness TO readystream_manager;
GRANT SELECT ON readystream.engagement_windows TO readystream_manager;
GRANT SELECT ON readystream.skill_levels TO readystream_manager;
GRANT SELECT ON readystream.readiness_current TO readystream_manager;
GRANT SELECT(person_id, manager_id, valid_from, recorded_at, version) ON readystream.hr_attributes TO readystream_manager;

CREATE ROW POLICY OR REPLACE readystream_reports ON readystream.engagement_windows, readystream.skill_levels, readystream.readiness_current
    USING person_id IN
    (
        SELECT person_id FROM readystream.hr_attributes WHERE valid_from <= today() GROUP BY person_id
        HAVING argMax(manager_id, (valid_from, recorded_at, version)) = getSetting('readystream_person_id')
    )
    TO readystream_manager;

-- A table with a policy shows nothing to those without one: everybody else keeps all rows.
CREATE ROW POLICY OR REPLACE readystream_everybody ON readystream.engagement_windows, readystream.skill_levels, readystream.readiness_current
    USING 1 TO ALL EXCEPT readystream_manager;

-- Auditors: everything, statements as they were sent and dead letters too. Dashboards read with this role: two of
-- their panels show such records.
GRANT SELECT ON readystream.* TO readystream_auditor;
