-- title: Unlinked personas
-- description: The two hundred identifiers with the most statements that no link says anything about. The HR feed or
--   a decision by hand can link them, also later: the past is corrected with it.
-- unit: statements
-- empty: Every identifier that was active in this time range is linked to a person.

SELECT
    persona_id AS persona,
    count() AS statements,
    min(event_day) AS first_seen,
    max(event_day) AS last_seen,
    arrayStringConcat(arraySort(groupUniqArray(credential)), ', ') AS sources
FROM events_resolved
WHERE $__timeFilter(event_time)
    AND persona_id != ''
    AND persona_id NOT IN (SELECT persona_id FROM persona_person)
    AND $__conditionalAll(credential IN (${source:singlequote}), $source)
GROUP BY persona_id
ORDER BY statements DESC, persona
LIMIT 200
