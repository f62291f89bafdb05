-- title: Statements
-- description: Distinct statements in the time range; voided ones are left out.
-- unit: statements
-- empty: No statement in this time range.

SELECT count() AS statements
FROM events_resolved
WHERE $__timeFilter(event_time)
