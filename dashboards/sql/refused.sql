-- title: Dead letters
-- description: Records that could not be processed and are kept whole. They count nowhere until replayed.
-- unit: records
-- empty: No record was refused in this time range.

SELECT count() AS records
FROM dead_letters FINAL
WHERE $__timeFilter(failed_at)
