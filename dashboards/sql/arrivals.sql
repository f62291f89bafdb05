-- title: Arrivals by source
-- description: Statements accepted, how many of them the source had sent before, and the time within which half and
--   95 % of them were readable here.
-- unit: statements
-- empty: No statement arrived in this time range.

SELECT
    credential AS source,
    count() AS accepted,
    count() - uniqExact(statement_id) AS duplicates,
    max(received_at) AS newest,
    quantileExact(0.5)(dateDiff('millisecond', received_at, ingested_at)) / 1000 AS half_within,
    quantileExact(0.95)(dateDiff('millisecond', received_at, ingested_at)) / 1000 AS most_within
FROM accepted_statements
WHERE $__timeFilter(stored_at)
    AND $__conditionalAll(credential IN (${source:singlequote}), $source)
GROUP BY source
ORDER BY newest DESC, source
