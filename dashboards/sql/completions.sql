-- title: Completions
-- description: Statements that count as the completion of a course or activity.
-- unit: completions
-- empty: Nothing was completed in this time range.

SELECT sum(completions) AS completed
FROM events_resolved
WHERE $__timeFilter(event_time)
    AND $__conditionalAll(credential IN (${source:singlequote}), $source)
    AND $__conditionalAll(activity IN (${course:singlequote}), $course)
