-- title: Identifiers per person
-- description: People with activity, by how many identifiers they used. Very many on one person are worth a look.
-- unit: people
-- empty: Nobody was active in this time range.

SELECT
    if(used > 5, 'more', toString(used)) AS personas,
    count() AS people
FROM
(
    SELECT uniqExact(persona_id) AS used
    FROM events_resolved
    WHERE $__timeFilter(event_time)
        AND person_id != ''
        AND $__conditionalAll(credential IN (${source:singlequote}), $source)
    GROUP BY person_id
)
GROUP BY personas
ORDER BY min(used)
