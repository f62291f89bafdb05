-- title: Skill levels
-- description: People by level in each skill. Below a confidence of 0.3 a level is mostly the prior and counts as too
--   little evidence. Levels drift towards the prior as evidence grows old, which does not say that the person
--   forgot.
-- unit: people
-- empty: No skill level has been computed yet.

SELECT
    skill,
    countIf(confidence < 0.3) AS little_evidence,
    countIf(confidence >= 0.3 AND level < 20) AS below_20,
    countIf(confidence >= 0.3 AND level >= 20 AND level < 40) AS below_40,
    countIf(confidence >= 0.3 AND level >= 40 AND level < 60) AS below_60,
    countIf(confidence >= 0.3 AND level >= 60 AND level < 80) AS below_80,
    countIf(confidence >= 0.3 AND level >= 80) AS from_80
FROM current_skills
WHERE $__conditionalAll(skill IN (${skill:singlequote}), $skill)
GROUP BY skill
ORDER BY skill
