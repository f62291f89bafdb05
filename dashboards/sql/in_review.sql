-- title: For review
-- description: People with a score that somebody should look at: little confidence, or unreviewed mappings.
-- unit: people
-- empty: Nobody waits for a review.

SELECT uniqExactIf(person_id, status = 'review') AS people
FROM current_readiness
WHERE $__conditionalAll(role IN (${role:singlequote}), $role)
