-- title: Freshness
-- description: Time from the adapter reading a statement to its row being readable here.
-- unit: seconds
-- empty: No statement arrived in this time range.

SELECT
    $__timeInterval(stored_at) AS time,
    quantileExact(0.5)(dateDiff('millisecond', received_at, ingested_at)) / 1000 AS half_within,
    quantileExact(0.95)(dateDiff('millisecond', received_at, ingested_at)) / 1000 AS most_within,
    max(dateDiff('millisecond', received_at, ingested_at)) / 1000 AS slowest
FROM accepted_statements
WHERE $__timeFilter(stored_at)
    AND $__conditionalAll(credential IN (${source:singlequote}), $source)
GROUP BY time
ORDER BY time
