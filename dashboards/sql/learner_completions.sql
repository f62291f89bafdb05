-- title: Completions
-- description: Statements that count as the completion of a course or activity.
-- unit: completions
-- empty: This person completed nothing in this time range.

SELECT sum(completions) AS completed
FROM events_of_person(person = ${person:singlequote})
WHERE $__timeFilter(event_time)
