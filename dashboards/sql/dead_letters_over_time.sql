-- title: Dead letters over time
-- description: Records that could not be processed, by reason.
-- unit: records
-- empty: No record was refused in this time range.

SELECT
    $__timeInterval(failed_at) AS time,
    reason,
    count() AS records
FROM dead_letters FINAL
WHERE $__timeFilter(failed_at)
    AND $__conditionalAll(credential IN (${source:singlequote}), $source)
GROUP BY time, reason
ORDER BY time, reason
