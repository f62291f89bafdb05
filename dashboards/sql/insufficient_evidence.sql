-- title: Too little evidence
-- description: People without a score for at least one role. Little is known, never that somebody is weak.
-- unit: people
-- empty: No score is missing.

SELECT uniqExactIf(person_id, status = 'insufficient_evidence') AS people
FROM current_readiness
WHERE $__conditionalAll(role IN (${role:singlequote}), $role)
