-- title: Merges and conflicts
-- description: The latest two hundred decisions about identity that moved what somebody did to another person, or that
--   contradict a claim at least as trusted, whatever is chosen above; first links are left out. A conflict waits
--   for a decision by hand.
-- unit: records
-- empty: No link has moved a persona or contradicted another.

SELECT
    persona_id AS persona,
    kind,
    person_id AS person,
    rule,
    other_person_id AS other,
    other_rule,
    source,
    max(ingested_at) AS told
FROM identity_audit
WHERE kind = 'conflict' OR other_person_id != persona_id
GROUP BY persona, kind, person, rule, other, other_rule, source, version
ORDER BY told DESC, version DESC, persona, kind, person, other
LIMIT 200
