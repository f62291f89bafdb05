-- title: Active hours
-- description: Five-minute slots with activity, each counted once, at most twelve hours a day.
-- unit: hours
-- empty: This person was not active in this time range.

SELECT sum(least(marked, 144)) / 12 AS active_hours
FROM
(
    SELECT
        run.day AS day,
        uniqExact(arrayJoin(range(run.first, run.last + 1))) AS marked
    FROM events_of_person(person = ${person:singlequote})
    ARRAY JOIN slots AS run
    WHERE $__timeFilter(event_time)
    GROUP BY day
)
