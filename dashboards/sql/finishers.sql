-- title: Finishers
-- description: People who completed at least one course or activity.
-- unit: people
-- empty: Nobody completed anything in this time range.

SELECT uniqExact(person_id) AS people
FROM events_resolved
WHERE $__timeFilter(event_time)
    AND completions > 0
    AND $__conditionalAll(credential IN (${source:singlequote}), $source)
    AND $__conditionalAll(activity IN (${course:singlequote}), $course)
