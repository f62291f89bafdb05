-- title: Completions
-- description: Statements that count as the completion of a course or activity.
-- unit: completions
-- empty: This person completed nothing in this time range.

SELECT sum(completions) AS completed
FROM events_resolved
WHERE $__timeFilter(event_time) AND person_id = ${person:singlequote}
