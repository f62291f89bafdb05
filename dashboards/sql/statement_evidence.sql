-- title: Evidence in it
-- description: What the statement says about skills. What it adds to a level is told where it is among the items
--   that add most. Levels drift towards the prior as evidence grows old, which does not say that the person
--   forgot.
-- unit: items
-- empty: This statement is no evidence of a skill: it was not judged, or its activity is not mapped to one.

SELECT
    item.skill AS skill,
    item.evidence_class AS evidence_class,
    if(item.weight = 0, NULL, item.outcome / item.weight) AS outcome,
    item.weight / 1e6 AS weight,
    if(level.statement = '', NULL, level.contribution) AS contribution,
    item.mapping AS mapping,
    if(item.reviewed, 'reviewed', 'unreviewed') AS reviewed
FROM
(
    SELECT arrayJoin(evidence) AS item
    FROM learning_events FINAL
    WHERE statement_id = ${statement:singlequote} AND NOT voided
) AS event
LEFT JOIN
(
    SELECT skill, top.statement_id AS statement, top.evidence_class AS evidence_class, top.contribution AS contribution
    FROM current_skills
    ARRAY JOIN top_evidence AS top
    WHERE top.statement_id = ${statement:singlequote}
) AS level ON level.skill = item.skill AND level.evidence_class = item.evidence_class
ORDER BY skill, evidence_class
