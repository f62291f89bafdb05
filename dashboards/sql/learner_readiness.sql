-- title: Readiness for roles
-- description: As things stand now. No score means too little evidence, never a low score. A candidate is a
--   suggestion: approval is a human decision.
-- unit: points
-- empty: Nothing is known yet that speaks of a role.

SELECT
    role,
    status,
    score,
    if(isNull(low), '', concat(toString(round(low)), '–', toString(round(high)))) AS range_90,
    confidence
FROM current_readiness
WHERE person_id = ${person:singlequote}
    AND $__conditionalAll(role IN (${role:singlequote}), $role)
ORDER BY
    indexOf(['candidate', 'review', 'developing', 'insufficient_evidence'], toString(status)),
    score DESC NULLS LAST,
    confidence DESC,
    role
