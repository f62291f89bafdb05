-- The same rows as events_resolved, found by the personas that ever belonged to the person: without them, every
-- event would be joined with the links before one can tell whose it is.
CREATE OR REPLACE VIEW events_of_person
AS SELECT *
FROM events_resolved
WHERE person_id = {person:String}
    AND persona_id IN
    (
        SELECT persona_id FROM persona_person WHERE person_id = {person:String}
        UNION ALL
        SELECT {person:String}
    )
COMMENT 'The events of one person: events_of_person(person = ...)';
