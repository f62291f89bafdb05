-- Roles, row policies and settings of a ClickHouse server or cluster: run it as an administrator after the
-- migrations, on a cluster with ON CLUSTER '{cluster}' after each name. It can be run again.
--
-- Everybody sees pseudonyms: no table but statements and dead_letters holds anything else, and only auditors
-- read those. Who may turn pseudonyms back into people keeps the tenant key, which ClickHouse never sees.

CREATE ROLE IF NOT EXISTS readystream_sink;
CREATE ROLE IF NOT EXISTS readystream_analyst;
CREATE ROLE IF NOT EXISTS readystream_manager;
CREATE ROLE IF NOT EXISTS readystream_auditor;

-- The sink writes, migrates, and tries rows on tables of its own.
GRANT SELECT, INSERT, ALTER, CREATE TABLE, CREATE VIEW, DROP TABLE, DROP VIEW ON readystream.* TO readystream_sink;

-- On a cluster each announcement must be seen by the next, whichever replica is asked.
CREATE SETTINGS PROFILE IF NOT EXISTS readystream_sink
    SETTINGS insert_quorum = 'auto', insert_quorum_parallel = 0, select_sequential_consistency = 1
    TO readystream_sink;

-- Analysts: figures, events and links of everybody, under pseudonyms; no statement as it was sent.
GRANT SELECT ON readystream.current_engagement TO readystream_analyst;
GRANT SELECT ON readystream.current_skills TO readystream_analyst;
GRANT SELECT ON readystream.current_readiness TO readystream_analyst;
GRANT SELECT ON readystream.events_resolved TO readystream_analyst;
GRANT SELECT ON readystream.persona_person TO readystream_analyst;
GRANT SELECT ON readystream.engagement_windows TO readystream_analyst;
GRANT SELECT ON readystream.skill_levels TO readystream_analyst;
GRANT SELECT ON readystream.readiness TO readystream_analyst;
GRANT SELECT ON readystream.readiness_current TO readystream_analyst;
GRANT SELECT ON readystream.readiness_alerts TO readystream_analyst;
GRANT SELECT ON readystream.learning_events TO readystream_analyst;
GRANT SELECT(persona_id, person_id, action, rule, source, confidence, valid_from, valid_to, recorded_at, origin_partition, origin_offset, origin_epoch, version)
    ON readystream.identity_links TO readystream_analyst;

-- Managers: the figures of their direct reports. A manager's user carries the manager's pseudonym:
--     CREATE USER ... DEFAULT ROLE readystream_manager SETTINGS readystream_person_id = '<person_id>' READONLY
-- with custom_settings_prefixes = readystream_ in the server's configuration.
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

-- Auditors: everything, statements as they were sent and dead letters too.
GRANT SELECT ON readystream.* TO readystream_auditor;
