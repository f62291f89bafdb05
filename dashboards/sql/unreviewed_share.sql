-- title: On unreviewed mappings
-- description: Share of the evidence that rests on activities whose mapping to a skill nobody has confirmed.
-- unit: share
-- empty: No evidence yet.

SELECT if(count() = 0, NULL, avg(unreviewed_share)) AS unreviewed
FROM current_skills
WHERE $__conditionalAll(skill IN (${skill:singlequote}), $skill)
