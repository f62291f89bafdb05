-- title: Largest movements
-- description: Scores that changed most among updates in the time range, those that came to a first score
--   ahead. A score that sinks over time says that evidence grows old, not that somebody forgot.
-- unit: points
-- empty: No score moved in this time range.

SELECT
    person_id AS person,
    role,
    first_update.1 AS was,
    last_update.1 AS now,
    last_update.2 AS status,
    updates
FROM
(
    SELECT
        person_id,
        role,
        argMin((score, status), version) AS first_update,
        argMax((score, status), version) AS last_update,
        argMax(deleted, version) AS is_withdrawn,
        uniqExact(version) AS updates
    FROM readiness
    WHERE as_of >= toDate32($__fromTime)
        AND as_of <= toDate32($__toTime - 1)
        AND $__conditionalAll(role IN (${role:singlequote}), $role)
    GROUP BY person_id, role
)
WHERE NOT is_withdrawn AND NOT (first_update.1 <=> last_update.1)
ORDER BY isNull(was) AND isNotNull(now) DESC, abs(ifNull(now, 0) - ifNull(was, 0)) DESC, person, role
LIMIT 50
