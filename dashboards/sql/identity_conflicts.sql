-- title: Merges and conflicts
-- description: Personas that links claim for more than one person, the latest two hundred, whatever is chosen above: who holds
--   them, and whose claim stands against it or stood before.
-- unit: personas
-- empty: No persona was ever claimed for two people.

SELECT
    claim.persona_id AS persona,
    held.person_id AS holds,
    held.rule AS rule,
    claim.person_id AS other,
    argMax(claim.rule, claim.version) AS other_rule,
    max(claim.recorded_at) AS recorded
FROM identity_links AS claim
INNER JOIN
(
    SELECT
        persona_id,
        argMax(person_id, valid_to) AS person_id,
        argMax(rule, valid_to) AS rule
    FROM persona_person
    GROUP BY persona_id
) AS held ON held.persona_id = claim.persona_id
WHERE claim.action = 'link' AND claim.person_id != held.person_id
GROUP BY persona, holds, rule, other
ORDER BY recorded DESC, persona, other
LIMIT 200
