-- title: Sources
-- description: What each system or organisation contributes, by the credential that it delivers with. Time spent
--   with two of them at once counts for both.
-- unit: statements
-- empty: No statement in this time range.

WITH intDiv(cityHash64(person_id), 2) AS person
SELECT
    credential AS source,
    uniqExactIf(person, notEmpty(slots)) AS learners,
    uniqExactArray(arrayFlatten(arrayMap(
        run -> range(person + run.day * 288 + run.first, person + run.day * 288 + run.last + 1),
        slots
    ))) / 12 AS active_hours,
    sum(completions) AS completed,
    count() AS statements,
    max(event_time) AS newest
FROM events_resolved
WHERE $__timeFilter(event_time)
    AND $__conditionalAll(credential IN (${source:singlequote}), $source)
    AND $__conditionalAll(activity IN (${course:singlequote}), $course)
GROUP BY source
ORDER BY statements DESC, source
