-- title: Completions per day
-- description: Completions of courses and activities on each UTC day.
-- unit: completions
-- empty: Nothing was completed in this time range.

SELECT
    toStartOfDay(event_time) AS time,
    sum(completions) AS completed
FROM events_resolved
WHERE $__timeFilter(event_time)
    AND completions > 0
    AND $__conditionalAll(credential IN (${source:singlequote}), $source)
    AND $__conditionalAll(activity IN (${course:singlequote}), $course)
GROUP BY time
ORDER BY time
