-- title: Links in force
-- description: Personas by the rule that links them to a person, as things stand now, whatever is chosen above. The most
--   trusted rule holds; identifiers without activity count too.
-- unit: personas
-- empty: No link yet: every identifier is a person of its own.

SELECT
    link.rule AS rule,
    link.source AS source,
    uniqExact(link.persona_id) AS personas,
    uniqExact(link.person_id) AS people,
    max(entry.recorded_at) AS newest
FROM persona_person AS link
LEFT JOIN
(
    SELECT persona_id, version, max(recorded_at) AS recorded_at
    FROM identity_links
    GROUP BY persona_id, version
) AS entry ON entry.persona_id = link.persona_id AND entry.version = link.version
GROUP BY rule, source
ORDER BY personas DESC, rule, source
