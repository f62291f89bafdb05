-- title: Active learners
-- description: People who did something themselves. Being enrolled by somebody else is not activity.
-- unit: people
-- empty: Nobody was active in this time range.

SELECT uniqExact(person_id) AS learners
FROM events_resolved
WHERE $__timeFilter(event_time)
    AND notEmpty(slots)
    AND $__conditionalAll(credential IN (${source:singlequote}), $source)
    AND $__conditionalAll(activity IN (${course:singlequote}), $course)
