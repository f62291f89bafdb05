-- title: Statements
-- description: Distinct statements of this person, under whichever identifier; voided ones are left out.
-- unit: statements
-- empty: No statement of this person in this time range.

SELECT count() AS statements
FROM events_resolved
WHERE $__timeFilter(event_time) AND person_id = ${person:singlequote}
