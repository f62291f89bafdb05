-- title: Active learners
-- description: People with learning activity in the time range. What systems and administrators record about
--   somebody, such as an enrolment, is not activity.
-- unit: people
-- empty: Nobody was active in this time range.

SELECT uniqExact(person_id) AS learners
FROM events_resolved
WHERE $__timeFilter(event_time) AND notEmpty(slots)
