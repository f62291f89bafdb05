-- title: Most used courses
-- description: The ten courses and other activities with the most learners, and how many of these completed them.
-- unit: people
-- empty: No course was used in this time range.

SELECT
    if(name != '', name, activity) AS course,
    learners,
    finishers,
    activity
FROM
(
    SELECT
        activity,
        argMaxIf(activity_name, event_time, activity_name != '') AS name,
        uniqExact(person_id) AS learners,
        uniqExactIf(person_id, completions > 0) AS finishers
    FROM events_resolved
    WHERE $__timeFilter(event_time)
        AND activity != ''
        AND notEmpty(slots)
        AND $__conditionalAll(credential IN (${source:singlequote}), $source)
        AND $__conditionalAll(activity IN (${course:singlequote}), $course)
    GROUP BY activity
)
ORDER BY learners DESC, finishers DESC, activity
LIMIT 10
