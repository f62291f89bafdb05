-- title: Sources
-- description: What each system or organisation contributes, by the credential that it delivers with. Time spent
--   with two of them at once counts for both.
-- unit: statements
-- empty: No statement in this time range.

SELECT
    source,
    uniqExactIf(person_id, marked > 0) AS learners,
    sum(marked) / 12 AS active_hours,
    sum(completed_then) AS completed,
    sum(sent) AS statements,
    max(latest) AS newest
FROM
(
    SELECT
        credential AS source,
        person_id,
        uniqExactArray(arrayFlatten(arrayMap(
            run -> range(run.day * 288 + run.first, run.day * 288 + run.last + 1),
            slots
        ))) AS marked,
        sum(completions) AS completed_then,
        count() AS sent,
        max(event_time) AS latest
    FROM events_resolved
    WHERE $__timeFilter(event_time)
        AND $__conditionalAll(credential IN (${source:singlequote}), $source)
        AND $__conditionalAll(activity IN (${course:singlequote}), $course)
    GROUP BY source, person_id
)
GROUP BY source
ORDER BY statements DESC, source
