-- title: Unmapped activities
-- description: The two hundred activities with the most learners that were judged or completed and say nothing about a
--   skill, because the skill map does not name them. Questions within a quiz are left out: the quiz speaks for
--   them.
-- unit: statements
-- empty: Every activity that was judged or completed in this time range is mapped to a skill.

SELECT
    if(name != '', name, activity) AS name,
    statements,
    learners,
    completed AS completions,
    newest,
    activity
FROM
(
    SELECT
        activity,
        argMaxIf(activity_name, event_time, activity_name != '') AS name,
        count() AS statements,
        uniqExact(person_id) AS learners,
        sum(completions) AS completed,
        max(event_day) AS newest
    FROM events_resolved
    WHERE $__timeFilter(event_time)
        AND activity != ''
        AND verb_class IN ('assessed', 'exposure', 'credential')
        AND verb NOT LIKE '%/answered'
        AND $__conditionalAll(credential IN (${source:singlequote}), $source)
    GROUP BY activity
    HAVING max(notEmpty(evidence)) = 0
)
ORDER BY learners DESC, statements DESC, activity
LIMIT 200
