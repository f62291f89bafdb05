-- title: Statements
-- description: Distinct statements of this person, under whichever identifier; voided ones are left out.
-- unit: statements
-- empty: No statement of this person in this time range.

SELECT count() AS statements
FROM events_of_person(person = ${person:singlequote})
WHERE $__timeFilter(event_time)
