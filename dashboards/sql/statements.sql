-- title: Statements
-- description: Distinct statements; voided ones are left out.
-- unit: statements
-- empty: No statement in this time range.

SELECT count() AS statements
FROM events_resolved
WHERE $__timeFilter(event_time)
    AND $__conditionalAll(credential IN (${source:singlequote}), $source)
    AND $__conditionalAll(activity IN (${course:singlequote}), $course)
