-- title: Reached a role
-- description: Matches of a person and a role that reached 70 from below in the time range, the latest first. Each
--   crossing is told once; it can be told again after the score was below 67.
-- unit: points
-- empty: Nobody reached a role in this time range.

SELECT
    person_id AS person,
    role,
    score,
    status,
    confidence,
    as_of
FROM readiness_alerts FINAL
WHERE as_of >= toDate32($__fromTime)
    AND as_of <= toDate32($__toTime - 1)
    AND $__conditionalAll(role IN (${role:singlequote}), $role)
ORDER BY as_of DESC, score DESC, person, role
LIMIT 100
