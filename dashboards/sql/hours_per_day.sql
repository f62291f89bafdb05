-- title: Active hours per day
-- description: Five-minute slots with activity on each UTC day, each once per person, at most twelve hours a day.
-- unit: hours
-- empty: Nobody was active in this time range.

SELECT
    toDateTime(day * 86400, 'UTC') AS time,
    sum(least(marked, 144)) / 12 AS active_hours
FROM
(
    SELECT
        person_id,
        run.day AS day,
        uniqExact(arrayJoin(range(run.first, run.last + 1))) AS marked
    FROM events_resolved
    ARRAY JOIN slots AS run
    WHERE $__timeFilter(event_time)
        AND $__conditionalAll(credential IN (${source:singlequote}), $source)
        AND $__conditionalAll(activity IN (${course:singlequote}), $course)
    GROUP BY person_id, day
)
GROUP BY time
ORDER BY time
