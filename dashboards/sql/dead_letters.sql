-- title: Dead letters by reason
-- description: Records that could not be processed, kept whole, with the newest's fault in words. A batch that the adapter
--   answers 400 stays with its sender and is counted by the adapter's metrics, not here.
-- unit: records
-- empty: No record was refused in this time range.

SELECT
    reason,
    step,
    count() AS records,
    max(failed_at) AS newest,
    argMax(detail, failed_at) AS example
FROM dead_letters FINAL
WHERE $__timeFilter(failed_at)
GROUP BY reason, step
ORDER BY records DESC, reason, step
