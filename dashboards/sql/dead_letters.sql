-- title: Dead letters by reason
-- description: Records that could not be processed, kept whole, with the newest one's fault in words. They count
--   nowhere until they are replayed. A batch that the adapter answers with 400 stays with its sender: the
--   adapter's metrics count it.
-- unit: records
-- empty: No record was refused in this time range.

SELECT
    reason,
    step,
    count() AS records,
    countIf(resolution = '') AS open,
    max(failed_at) AS newest,
    argMax(detail, failed_at) AS example
FROM dead_letters FINAL
WHERE $__timeFilter(failed_at)
    AND $__conditionalAll(credential IN (${source:singlequote}), $source)
GROUP BY reason, step
ORDER BY open DESC, records DESC, reason, step
