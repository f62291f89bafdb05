-- title: Courses
-- description: The two hundred courses and other activities with the most learners. Time spent on two of them at
--   once counts for both.
-- unit: people
-- empty: No course was used in this time range.

SELECT
    if(name != '', name, activity) AS course,
    learners,
    marked / 12 AS active_hours,
    finishers,
    if(judged = 0, NULL, passes / judged) AS passed,
    statements,
    newest,
    activity
FROM
(
    WITH intDiv(cityHash64(person_id), 2) AS person
    SELECT
        activity,
        argMaxIf(activity_name, event_time, activity_name != '') AS name,
        uniqExactIf(person, notEmpty(slots)) AS learners,
        uniqExactArray(arrayFlatten(arrayMap(
            run -> range(person + run.day * 288 + run.first, person + run.day * 288 + run.last + 1),
            slots
        ))) AS marked,
        uniqExactIf(person, completions > 0) AS finishers,
        sum(events_resolved.passes) AS passes,
        sum(events_resolved.passes + fails) AS judged,
        count() AS statements,
        max(event_time) AS newest
    FROM events_resolved
    WHERE $__timeFilter(event_time)
        AND activity != ''
        AND $__conditionalAll(credential IN (${source:singlequote}), $source)
        AND $__conditionalAll(activity IN (${course:singlequote}), $course)
    GROUP BY activity
)
WHERE learners > 0
ORDER BY learners DESC, statements DESC, activity
LIMIT 200
