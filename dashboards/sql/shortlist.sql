-- title: Readiness shortlist
-- description: The fifty strongest matches of a person and a role, with a skill chosen of those who are short of it.
--   Levels drift towards the prior as evidence grows old, which does not say that the person forgot. No score
--   means too little evidence, never a low score.
-- unit: points
-- empty: No readiness has been computed yet.

SELECT
    person_id AS person,
    role,
    status,
    score,
    if(isNull(low), '', concat(toString(round(low)), '–', toString(round(high)))) AS range_90,
    confidence,
    if(empty(gaps), '', gaps[1].skill) AS gap_skill,
    if(empty(gaps), NULL, gaps[1].gap) AS gap_points
FROM current_readiness
WHERE $__conditionalAll(role IN (${role:singlequote}), $role)
    AND $__conditionalAll(hasAny(gaps.skill, [${skill:singlequote}]), $skill)
ORDER BY
    indexOf(['candidate', 'review', 'developing', 'insufficient_evidence'], toString(status)),
    score DESC NULLS LAST,
    confidence DESC,
    person,
    role
LIMIT 50
