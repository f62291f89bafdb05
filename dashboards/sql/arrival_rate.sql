-- title: Arrivals
-- description: Statements accepted, by the credential that delivered them; duplicates count.
-- unit: statements
-- empty: No statement arrived in this time range.

SELECT
    $__timeInterval(stored_at) AS time,
    credential AS source,
    count() AS statements
FROM accepted_statements
WHERE $__timeFilter(stored_at)
    AND $__conditionalAll(credential IN (${source:singlequote}), $source)
GROUP BY time, source
ORDER BY time, source
