-- title: Dead letters
-- description: Records that could not be processed, kept whole, by reason. They count nowhere until they are
--   replayed.
-- unit: records
-- empty: No record was refused.

SELECT
    reason,
    step,
    count() AS records,
    max(failed_at) AS newest
FROM dead_letters FINAL
GROUP BY reason, step
ORDER BY records DESC, reason, step
