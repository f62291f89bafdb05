-- title: Job roles
-- description: Learning by the job role that HR states today; of some people it states none. Reached is the share of
--   the people in the role who were active themselves.
-- unit: people
-- empty: No statement in this time range.

SELECT
    nullIf(hr.role, '') AS job,
    nullIf(sum(employed), 0) AS people,
    countIf(marked > 0) AS learners,
    countIf(marked > 0 AND employed) / people AS reached,
    sum(marked) / 12 AS active_hours,
    sum(completed) AS completed,
    sum(statements) AS statements
FROM
(
    SELECT
        person_id,
        uniqExactArray(arrayFlatten(arrayMap(
            run -> range(toUInt64(run.day * 288 + run.first), toUInt64(run.day * 288 + run.last + 1)),
            slots
        ))) AS marked,
        sum(completions) AS completed,
        count() AS statements
    FROM events_resolved
    WHERE $__timeFilter(event_time)
        AND $__conditionalAll(credential IN (${source:singlequote}), $source)
        AND $__conditionalAll(activity IN (${course:singlequote}), $course)
    GROUP BY person_id
) AS done
FULL OUTER JOIN
(
    SELECT
        person_id,
        argMax(tuple(job_role, ifNull(end_date >= today(), true)), (valid_from, recorded_at, version)) AS said,
        toString(said.1) AS role,
        said.2 AS employed
    FROM hr_attributes
    WHERE valid_from <= today()
    GROUP BY person_id
) AS hr ON done.person_id = hr.person_id
GROUP BY job
HAVING statements > 0
ORDER BY learners DESC, statements DESC, job NULLS LAST
