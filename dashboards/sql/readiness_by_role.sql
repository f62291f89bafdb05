-- title: Readiness by role
-- description: People by status, as things stand now. Too little evidence says that little is known, never that
--   somebody is weak.
-- unit: people
-- empty: No readiness has been computed yet.

SELECT
    role,
    countIf(status = 'candidate') AS candidate,
    countIf(status = 'review') AS review,
    countIf(status = 'developing') AS developing,
    countIf(status = 'insufficient_evidence') AS insufficient_evidence
FROM current_readiness
WHERE $__conditionalAll(role IN (${role:singlequote}), $role)
GROUP BY role
ORDER BY role
