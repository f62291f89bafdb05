-- title: Timeline
-- description: Statements of this person. Assessed (judged), exposure (went through it), credential (was awarded),
--   engagement (something happened), other (recorded by a system or an administrator).
-- unit: statements
-- empty: No statement of this person in this time range.

SELECT
    $__timeInterval(event_time) AS time,
    if(verb_class = 'none', 'other', verb_class) AS kind,
    count() AS statements
FROM events_of_person(person = ${person:singlequote})
WHERE $__timeFilter(event_time)
GROUP BY time, kind
ORDER BY time, kind
