-- title: Where learning would help most
-- description: People by the skill whose gap, once closed, would raise their readiness most; each person once for
--   each skill.
-- unit: people
-- empty: No readiness has been computed yet.

SELECT
    raise_most AS skill,
    uniqExact(person_id) AS people
FROM current_readiness
WHERE raise_most != ''
    AND $__conditionalAll(role IN (${role:singlequote}), $role)
    AND $__conditionalAll(raise_most IN (${skill:singlequote}), $skill)
GROUP BY skill
ORDER BY people DESC, skill
