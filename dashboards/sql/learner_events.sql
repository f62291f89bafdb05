-- title: Statements
-- description: The latest two hundred in the time range.
-- unit: statements
-- empty: No statement of this person in this time range.

SELECT
    statement_id AS statement,
    event_time AS time,
    arrayElement(splitByChar('/', verb), -1) AS verb,
    if(activity_name != '', activity_name, activity) AS activity,
    multiIf(passes > 0, 'passed', fails > 0, 'failed', completions > 0, 'completed', '') AS result,
    credential AS source
FROM events_of_person(person = ${person:singlequote})
WHERE $__timeFilter(event_time)
ORDER BY event_time DESC, statement_id
LIMIT 200
