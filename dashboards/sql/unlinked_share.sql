-- title: Unlinked personas
-- description: Share of active identifiers that no link says anything about: each is a person of its own.
-- unit: share
-- empty: Nobody was active in this time range.

SELECT if(count() = 0, NULL, countIf(persona_id NOT IN (SELECT persona_id FROM persona_person)) / count()) AS unlinked
FROM
(
    SELECT DISTINCT persona_id
    FROM events_resolved
    WHERE $__timeFilter(event_time)
        AND persona_id != ''
        AND $__conditionalAll(credential IN (${source:singlequote}), $source)
)
