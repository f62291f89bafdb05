-- title: Statements by kind
-- description: Assessed (somebody or something judged), exposure (went through it), credential (was awarded),
--   engagement (something happened), other (recorded by a system or an administrator).
-- unit: statements
-- empty: No statement in this time range.

SELECT
    $__timeInterval(event_time) AS time,
    if(verb_class = 'none', 'other', verb_class) AS kind,
    count() AS statements
FROM events_resolved
WHERE $__timeFilter(event_time)
    AND $__conditionalAll(credential IN (${source:singlequote}), $source)
    AND $__conditionalAll(activity IN (${course:singlequote}), $course)
GROUP BY time, kind
ORDER BY time, kind
