-- title: Status over time
-- description: Matches of a person and a role by status at the end of each day on which figures were evaluated.
-- unit: people
-- empty: No readiness was evaluated in this time range.

WITH
    greatest(toDate32($__fromTime), assumeNotNull((SELECT min(as_of) FROM readiness))) AS first,
    least(toDate32($__toTime - 1), assumeNotNull((SELECT max(as_of) FROM readiness))) AS last
SELECT
    toDateTime(day, 'UTC') AS time,
    status,
    count() AS people
FROM
(
    SELECT
        status,
        arrayJoin(range(toUInt32(toInt32(greatest(since, first))), toUInt32(toInt32(least(until, last)) + 1))) AS number,
        toDate32(toInt32(number)) AS day
    FROM
    (
        SELECT
            as_of AS since,
            status,
            deleted,
            leadInFrame(as_of, 1, last + 1) OVER (
                PARTITION BY role, person_id ORDER BY as_of ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
            ) - 1 AS until
        FROM
        (
            SELECT role, person_id, as_of, argMax(status, version) AS status, argMax(deleted, version) AS deleted
            FROM readiness
            WHERE $__conditionalAll(role IN (${role:singlequote}), $role)
            GROUP BY role, person_id, as_of
        )
    )
    WHERE NOT deleted AND since <= last AND until >= first
)
GROUP BY day, status
ORDER BY time, indexOf(['candidate', 'review', 'developing', 'insufficient_evidence'], toString(status))
