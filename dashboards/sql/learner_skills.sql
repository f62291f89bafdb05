-- title: Skills
-- description: Level, and the range that holds it with 90 % probability. Hollow: below a confidence of 0.3, mostly
--   the prior, too little evidence. Levels drift towards the prior as evidence grows old, which does not say that
--   the person forgot.
-- unit: points
-- empty: No evidence of a skill yet.

SELECT
    skill,
    level,
    low,
    high,
    confidence,
    evidence_count AS items
FROM current_skills
WHERE person_id = ${person:singlequote}
    AND $__conditionalAll(skill IN (${skill:singlequote}), $skill)
ORDER BY confidence >= 0.3 DESC, level DESC, skill
