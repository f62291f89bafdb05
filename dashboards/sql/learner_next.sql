-- title: What would raise readiness most
-- description: Gaps between levels and what roles ask, the most urgent of each role first: weight of the skill times
--   the gap, relative to what is asked. A gap with little confidence asks for evidence first.
-- unit: points
-- empty: Nothing is missing for the roles that are known.

SELECT
    missing.skill AS skill,
    role,
    multiIf(missing.skill = raise_most, 'raises most', missing.critical, 'holds the score down', '') AS effect,
    missing.level AS level,
    missing.required AS required,
    missing.gap AS gap,
    missing.confidence AS confidence
FROM current_readiness
ARRAY JOIN gaps AS missing
WHERE person_id = ${person:singlequote}
    AND $__conditionalAll(role IN (${role:singlequote}), $role)
    AND $__conditionalAll(missing.skill IN (${skill:singlequote}), $skill)
ORDER BY missing.skill = raise_most DESC, missing.priority DESC, role, skill
