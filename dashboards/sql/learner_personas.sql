-- title: Identifiers
-- description: Personas that belong to this person, by pseudonym, and who said so. One without a link is a person of
--   its own.
-- unit: personas
-- empty: Nothing is known of this person.

SELECT
    persona_id AS persona,
    rule,
    statements,
    valid_from,
    valid_to
FROM
(
    SELECT
        persona_id,
        rule,
        valid_from,
        if(valid_to = toDate32('2299-12-31'), NULL, valid_to) AS valid_to
    FROM persona_person
    WHERE person_id = ${person:singlequote}
    UNION ALL
    SELECT persona_id, 'not_linked', min(event_day), NULL
    FROM events_of_person(person = ${person:singlequote})
    WHERE persona_id = person_id
    GROUP BY persona_id
) AS linked
LEFT JOIN
(
    SELECT persona_id, count() AS statements
    FROM events_of_person(person = ${person:singlequote})
    GROUP BY persona_id
) AS counted USING persona_id
ORDER BY statements DESC, persona, valid_from
