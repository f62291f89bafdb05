-- title: Readable within
-- description: From the adapter reading a statement to its row being readable here, 95 % of statements.
-- unit: seconds
-- empty: No statement arrived in this time range.

SELECT
    if(count() = 0, NULL, quantileExact(0.95)(dateDiff('millisecond', received_at, ingested_at)) / 1000) AS most_within
FROM accepted_statements
WHERE $__timeFilter(stored_at)
    AND $__conditionalAll(credential IN (${source:singlequote}), $source)
