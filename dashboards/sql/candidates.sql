-- title: Candidates
-- description: People whom the evidence suggests for a role. A suggestion: approval is a human decision.
-- unit: people
-- empty: Nobody is a candidate yet.

SELECT uniqExactIf(person_id, status = 'candidate') AS candidates
FROM current_readiness
WHERE $__conditionalAll(role IN (${role:singlequote}), $role)
