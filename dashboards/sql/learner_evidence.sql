-- title: Evidence behind the numbers
-- description: Every item, whenever it happened. Of several attempts at one activity the latest counts. What an
--   item adds is the level with it minus the level without it, told for the items that add most. Weight
--   is that of its day; it halves with every half-life.
-- unit: items
-- empty: No evidence of a skill yet.

WITH told AS
(
    SELECT skill, item.statement_id AS statement, item.evidence_class AS evidence_class, item.contribution AS contribution
    FROM current_skills
    ARRAY JOIN top_evidence AS item
    WHERE person_id = ${person:singlequote}
)
SELECT
    evidence.statement AS statement,
    evidence.skill AS skill,
    evidence.evidence_class AS evidence_class,
    evidence.activity AS activity,
    if(told.statement = '', NULL, told.contribution) AS contribution,
    evidence.outcome AS outcome,
    evidence.weight AS weight,
    evidence.day AS day,
    evidence.reviewed AS reviewed
FROM
(
    SELECT
        statement_id AS statement,
        item.skill AS skill,
        item.evidence_class AS evidence_class,
        if(activity_name != '', activity_name, item.activity) AS activity,
        toDate32(item.day) AS day,
        item.event_ms AS event_ms,
        if(item.weight = 0, NULL, item.outcome / item.weight) AS outcome,
        item.weight / 1e6 AS weight,
        if(item.reviewed, 'reviewed', 'unreviewed') AS reviewed
    FROM events_of_person(person = ${person:singlequote})
    ARRAY JOIN evidence AS item
    WHERE $__conditionalAll(item.skill IN (${skill:singlequote}), $skill)
) AS evidence
LEFT JOIN told
    ON told.skill = evidence.skill AND told.statement = evidence.statement AND told.evidence_class = evidence.evidence_class
ORDER BY skill, contribution DESC NULLS LAST, evidence.event_ms DESC, statement
LIMIT 500
