-- title: Gaps by role and skill
-- description: Points that people are short of what a role asks, on average over those with enough evidence
--   in the skill. A question mark: too little evidence, which is no gap. Levels drift towards the prior as evidence grows
--   old, which does not say that the person forgot.
-- unit: points
-- empty: No readiness has been computed yet.

SELECT
    role,
    skill,
    if(assessed = 0, NULL, sumIf(gap, is_known) / assessed) AS mean_gap,
    countIf(is_known) AS assessed,
    countIf(NOT is_known) AS unknown
FROM
(
    SELECT
        asked.role AS role,
        asked.skill AS skill,
        arraySum(arrayMap(found -> if(found.skill = asked.skill, found.gap, 0), person.gaps)) AS gap,
        level.confidence >= 0.3 AS is_known
    FROM
    (
        SELECT DISTINCT role, arrayJoin(gaps).skill AS skill
        FROM current_readiness
        WHERE $__conditionalAll(role IN (${role:singlequote}), $role)
            AND $__conditionalAll(skill IN (${skill:singlequote}), $skill)
    ) AS asked
    INNER JOIN (SELECT role, person_id, gaps FROM current_readiness) AS person ON person.role = asked.role
    LEFT JOIN (SELECT skill, person_id, confidence FROM current_skills) AS level
        ON level.person_id = person.person_id AND level.skill = asked.skill
)
GROUP BY role, skill
ORDER BY role, skill
