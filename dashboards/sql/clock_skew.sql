-- title: Clocks and delays by source
-- description: Statements whose time lay in the future when they came, and how long after the event others came: months
--   say that a history was imported, or that a device was offline.
-- unit: statements
-- empty: No statement in this time range.

SELECT
    credential AS source,
    count() AS statements,
    countIf(events_resolved.skewed) AS skewed,
    avg(events_resolved.skewed) AS share,
    quantileExactIf(0.5)(dateDiff('second', event_time, stored_at), NOT events_resolved.skewed) AS half_after,
    quantileExactIf(0.95)(dateDiff('second', event_time, stored_at), NOT events_resolved.skewed) AS most_after,
    maxIf(statement_id, events_resolved.skewed) AS statement
FROM events_resolved
WHERE $__timeFilter(event_time)
    AND $__conditionalAll(credential IN (${source:singlequote}), $source)
GROUP BY source
ORDER BY share DESC, source
