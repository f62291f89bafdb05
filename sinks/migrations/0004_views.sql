-- What dashboards read: superseded versions, withdrawn rows and rows sent again are left out.

CREATE OR REPLACE VIEW accepted_statements
AS SELECT * FROM statements FINAL
SETTINGS do_not_merge_across_partitions_select_final = 1
COMMENT 'The raw log, each accepted record once. Duplicates are count() - uniqExact(statement_id)';

CREATE OR REPLACE VIEW current_engagement
AS SELECT * EXCEPT deleted FROM engagement_windows FINAL
COMMENT 'Engagement as it stands: one row per person and window';

CREATE OR REPLACE VIEW current_skills
AS SELECT * EXCEPT deleted FROM skill_levels FINAL
COMMENT 'Skill levels as they stand: one row per person and skill';

CREATE OR REPLACE VIEW current_readiness
AS SELECT * EXCEPT deleted FROM readiness_current FINAL
COMMENT 'Readiness as it stands: one row per person and role';

-- An unlink withdraws what its own rule and less trusted ones said before about the same person. A link
-- replaces the same link: by the same rule and source, from the same day. Of those in force on a day the most
-- trusted holds, among equals the latest. Rules that are not listed are for people to review and never link.
CREATE OR REPLACE VIEW persona_person
AS
WITH claims AS
(
    SELECT
        persona_id,
        person_id,
        action,
        rule,
        source,
        confidence,
        version,
        valid_from,
        ifNull(valid_to, toDate32('2299-12-31')) AS valid_to,
        transform(rule, ['human', 'sso_guid', 'hris_id', 'lms_feed', 'email', 'email_sha1', 'email_alias'], [7, 6, 5, 4, 3, 2, 1], 0) AS trust,
        maxIf(version, action = 'unlink') OVER (PARTITION BY persona_id, person_id ORDER BY trust DESC) AS withdrawn_up_to,
        max(version) OVER (PARTITION BY persona_id, person_id, action, rule, source, valid_from) AS replaced_up_to
    FROM identity_links FINAL
),
spans AS
(
    SELECT
        persona_id,
        groupArray((trust, version, person_id, valid_from, valid_to, rule, source, confidence)) AS held,
        arraySort(arrayDistinct(arrayConcat(groupArray(valid_from), groupArray(valid_to)))) AS days,
        arrayJoin(arrayZip(arrayPopBack(days), arrayPopFront(days))) AS span,
        arrayReverseSort(arrayFilter(claim -> claim.4 <= span.1 AND span.1 < claim.5, held)) AS in_force
    FROM claims
    WHERE action = 'link' AND trust > 0 AND version > withdrawn_up_to AND version = replaced_up_to AND valid_from < valid_to
    GROUP BY persona_id
)
SELECT
    persona_id,
    span.1 AS valid_from,
    span.2 AS valid_to,
    in_force[1].3 AS person_id,
    in_force[1].6 AS rule,
    in_force[1].7 AS source,
    in_force[1].8 AS confidence,
    in_force[1].2 AS version
FROM spans
WHERE notEmpty(in_force)
COMMENT 'Who each persona belongs to, by day: spans [valid_from, valid_to) that do not overlap; outside them a persona is its own person';

CREATE OR REPLACE VIEW events_resolved
AS
SELECT
    event.* EXCEPT (person_id, voided),
    event.person_id AS published_person_id,
    if(link.persona_id != '' AND event_day < link.valid_to, link.person_id, event.persona_id) AS person_id
FROM
(
    SELECT *, toDate32(event_time) AS event_day
    FROM learning_events FINAL
    WHERE NOT voided
    SETTINGS do_not_merge_across_partitions_select_final = 1
) AS event
ASOF LEFT JOIN persona_person AS link
    ON event.persona_id = link.persona_id AND event.event_day >= link.valid_from
COMMENT 'Distinct statements that are not voided, each with the person whom its persona belonged to on its day, as links stand now';
