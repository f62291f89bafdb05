-- title: Active learners per day
-- description: People with learning activity on each UTC day.
-- unit: people
-- empty: Nobody was active in this time range.

SELECT
    toStartOfDay(event_time) AS time,
    uniqExact(person_id) AS learners
FROM events_resolved
WHERE $__timeFilter(event_time)
    AND notEmpty(slots)
    AND $__conditionalAll(credential IN (${source:singlequote}), $source)
    AND $__conditionalAll(activity IN (${course:singlequote}), $course)
GROUP BY time
ORDER BY time
