-- title: Arrivals by source
-- description: Statements accepted in the seven days up to the newest arrival, how many of them the source had
--   sent before, and the time within which half and 95 % of them were readable here.
-- unit: statements
-- empty: No statement has arrived yet.

SELECT
    credential AS source,
    count() AS accepted,
    count() - uniqExact(statement_id) AS duplicates,
    max(received_at) AS newest,
    quantileExact(0.5)(dateDiff('millisecond', received_at, ingested_at)) / 1000 AS half_within,
    quantileExact(0.95)(dateDiff('millisecond', received_at, ingested_at)) / 1000 AS most_within
FROM accepted_statements
WHERE stored_at > (SELECT max(stored_at) FROM statements) - INTERVAL 7 DAY
GROUP BY source
ORDER BY newest DESC, source
